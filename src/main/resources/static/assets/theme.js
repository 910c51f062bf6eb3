// Runs before the first paint: what the user chose here goes before what the system prefers.
(() => {
  const chosen = localStorage.getItem('portproxy.theme');
  if (chosen === 'light' || chosen === 'dark') {
    document.documentElement.dataset.theme = chosen;
  }
})();
