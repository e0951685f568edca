(() => {
  const page = document.body.dataset, orders = [...document.querySelectorAll('[data-order]')];
  const choices = history.state?.choices ?? {};
  let leaving = false;
  document.addEventListener('submit', () => { leaving = true; });
  window.addEventListener('pageshow', () => { leaving = false; });
  // A choice made before the page looked again is kept.
  for (const order of orders) {
    const who = order.querySelector('select'), chosen = choices[order.dataset.order];
    if (chosen) who.value = chosen;
    who.addEventListener('change', () => {
      choices[order.dataset.order] = who.value;
      history.replaceState({ choices }, '');
    });
  }
  const put = (element, text) => { if (element.textContent !== text) element.textContent = text; };
  const tick = async () => {
    try {
      const answer = await fetch(page.state, { cache: 'no-store' });
      if (answer.ok && !leaving) {
        const now = await answer.json();
        if (now.map((one) => one.id).join() !== orders.map((one) => one.dataset.order).join()) {
          history.replaceState({ choices }, '', page.here);
          return location.reload();
        }
        now.forEach((one, at) => {
          put(orders[at].querySelector('[data-testid=hint]'), one.hint);
          const left = orders[at].querySelector('[data-testid=time-left]');
          put(left, one.left);
          left.parentElement.hidden = !one.left;
        });
      }
    } catch { /* The simulator may be restarting: the next second tries again. */ }
    setTimeout(tick, 1000);
  };
  setTimeout(tick, 1000);
})();
