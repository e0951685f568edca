(() => {
  const page = document.body.dataset;
  if (page.token && window.parent !== window) {
    const message = { command: 'zignsec_postback', errorcode: page.errorcode, error: page.error, token: page.token };
    window.parent.postMessage(page.asText ? JSON.stringify(message) : message, '*');
  }
  // A moment later, so that the parent has the message before this document goes away.
  if (page.onward) setTimeout(() => location.replace(page.onward), 100);
  const copy = document.getElementById('copy');
  if (copy) {
    copy.hidden = false;
    copy.addEventListener('click', async () => {
      const address = document.getElementById('address');
      try {
        await navigator.clipboard.writeText(address.textContent);
      } catch {
        // In an iframe, or on a host that browsers do not trust: the old way works, and the address is marked in any case.
        getSelection().selectAllChildren(address);
        if (!document.execCommand('copy')) return;
      }
      copy.textContent = copy.dataset.copied;
    });
  }
})();
