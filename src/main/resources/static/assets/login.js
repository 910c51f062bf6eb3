// What the form cannot do without a script: say why it is shown again, and lead back to where a link pointed.
(() => {
  const form = document.getElementById('login');
  const message = document.getElementById('message');
  const button = form.querySelector('button');
  const asked = new URLSearchParams(location.search);

  // A browser keeps the fragment of the address that it posts to when the answer leads elsewhere.
  form.action = new URL('login', location.href).pathname + location.hash;

  const say = (text) => {
    message.textContent = text;
    message.classList.add('bad');
    message.hidden = false;
    for (const input of form.querySelectorAll('input')) {
      input.setAttribute('aria-describedby', 'message');
    }
  };

  const wait = Math.min(Number.parseInt(asked.get('wait'), 10) || 0, 3600);
  if (wait > 0) {
    say(`Too many wrong passwords came from your address. Try again in ${wait} s.`);
    button.disabled = true;
    setTimeout(() => {
      button.disabled = false;
      message.classList.remove('bad');
      message.textContent = 'You can try again now.';
    }, wait * 1000);
  } else if (asked.has('wrong')) {
    say('The name or the password is wrong.');
  } else if (document.cookie.includes('XSRF-TOKEN=')) {
    // There was a session, and may still be: a link from another site comes without its cookie.
    fetch('api/v1/me', { headers: { 'X-Requested-With': 'XMLHttpRequest' } })
      .then((answer) => {
        if (answer.ok) {
          location.replace(new URL('.', location.href).pathname + location.hash);
        }
      })
      .catch(() => {});
  }
})();
