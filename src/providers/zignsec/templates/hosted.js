(() => {
  const page = document.body.dataset, framed = window.parent !== window;
  let leaving = false;
  if (framed) document.querySelectorAll('input[name=framed]').forEach((field) => { field.value = '1'; });
  document.addEventListener('submit', () => { leaving = true; });
  window.addEventListener('pageshow', () => { leaving = false; });
  const go = () => {
    const manner = new URLSearchParams();
    if (framed) manner.set('framed', '1');
    if (page.elsewhere) manner.set('elsewhere', '1');
    location.replace(page.base + 'go' + (String(manner) && '?' + manner));
  };
  const qr = document.getElementById('qr'), status = document.getElementById('status'), left = document.getElementById('left');
  const tick = async () => {
    try {
      const answer = await fetch(page.base + 'state', { cache: 'no-store' });
      if (answer.status === 404) return go();
      if (answer.ok && !leaving) {
        const now = await answer.json();
        if (now.phase !== 'pending' || now.stage !== page.stage) return go();
        if (status.textContent !== now.status) status.textContent = now.status;
        left.textContent = now.left;
        if (qr) qr.src = page.base + 'qr.svg?t=' + now.left_ms;
      }
    } catch { /* The simulator may be restarting: the next second tries again. */ }
    setTimeout(tick, 1000);
  };
  setTimeout(tick, 1000);
  const filter = document.getElementById('filter');
  if (filter) {
    const apply = () => {
      const wanted = filter.value.trim().toLowerCase();
      let shown = 0;
      document.querySelectorAll('.person').forEach((person) => {
        person.hidden = !person.dataset.search.includes(wanted) && !person.querySelector(':checked');
        shown += !person.hidden;
      });
      document.getElementById('nobody').hidden = shown > 0;
    };
    filter.addEventListener('input', apply);
    filter.form.addEventListener('submit', (event) => { event.preventDefault(); event.stopPropagation(); leaving = false; });
  }
})();
