// Sends the form, and keeps what the answer has for the page. Leads back to where a link pointed.

import { adopt, API, headers, keep, secret } from './session.js';

const form = document.getElementById('login');
const message = document.getElementById('message');
const button = form.querySelector('button');

function say(text, bad = true) {
  message.textContent = text;
  message.classList.toggle('bad', bad);
  message.hidden = false;
  for (const input of form.querySelectorAll('input')) {
    input.setAttribute('aria-describedby', 'message');
  }
}

function goOn() {
  const page = location.search === API ? 'swagger-ui.html' : '.';
  location.replace(new URL(page, location.href).pathname + location.hash);
}

function wait(seconds) {
  say(`Too many wrong passwords came from your address. Try again in ${seconds} s.`);
  button.disabled = true;
  setTimeout(() => {
    button.disabled = false;
    say('You can try again now.', false);
  }, seconds * 1000);
}

/** Resolves to whether the form may be sent again at once. */
async function send() {
  const answer = await fetch('login', {
    method: 'POST',
    headers: { ...headers(), Accept: 'application/json' },
    body: new URLSearchParams(new FormData(form)),
  });
  if (answer.ok) {
    keep((await answer.json()).secret);
    goOn();
    return false;
  } else if (answer.status === 429) {
    wait(Math.min(Number.parseInt(answer.headers.get('Retry-After'), 10) || 1, 3600));
    return false;
  } else if (answer.status === 401) {
    say('The name or the password is wrong.');
    form.elements.password.select();
  } else {
    say((await answer.json().catch(() => undefined))?.detail ?? `The answer was ${answer.status}.`);
  }
  return true;
}

form.addEventListener('submit', async (event) => {
  event.preventDefault();
  button.disabled = true;
  const again = await send().catch(() => {
    say('There is no answer. Is the process running?');
    return true;
  });
  if (again) {
    button.disabled = false;
  }
});

/** There may be a login already, of this tab or of another. */
async function hasLogin() {
  const works = async () => (await fetch('api/v1/me', { headers: headers() })).ok;
  return (secret() !== null && await works()) || (await adopt() && await works());
}

button.disabled = false;
hasLogin().then((yes) => yes && goOn()).catch(() => {});
