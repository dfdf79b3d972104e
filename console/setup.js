/** The one-time link: the token stands in the fragment, which no server and no log has seen, and leaves it at once. */
const token = new URLSearchParams(location.hash.slice(1)).get('token') ?? '';
history.replaceState(null, '', location.pathname);

const element = (id) => document.getElementById(id);
const form = element('form');

const fail = (text) => {
  element('error').textContent = text;
  element('error').hidden = false;
};

const explain = (problem) => {
  const fields = (problem.errors ?? []).map(({ detail }) => detail);
  if (fields.length > 0) return `${fields.join('. ')}.`;
  return problem.detail ?? 'The server gave no reason.';
};

const commands = (email) =>
  [
    `curl -s ${location.origin}/v1/auth/login \\`,
    `  -H 'content-type: application/json' \\`,
    `  -d '{"email":"${email}","password":"…"}'`,
    '',
    `curl -s ${location.origin}/whatsapp/admin/qr-code \\`,
    `  -H 'authorization: Bearer …'`,
  ].join('\n');

const submit = async () => {
  const { name, email, password } = Object.fromEntries(new FormData(form));
  const response = await fetch('/setup', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token, email, password, ...(name.trim() !== '' && { name: name.trim() }) }),
  });
  if (!response.ok) {
    fail(explain(await response.json()));
    return;
  }
  form.hidden = true;
  element('lead').textContent = `Welcome. ${email} is the administrator now.`;
  element('commands').textContent = commands(email);
  element('done').hidden = false;
};

form.addEventListener('submit', (event) => {
  event.preventDefault();
  element('error').hidden = true;
  element('submit').disabled = true;
  submit()
    .catch(() => fail('The server cannot be reached. Is it running?'))
    .finally(() => {
      element('submit').disabled = false;
    });
});

if (token === '') {
  form.hidden = true;
  element('lead').textContent =
    'This page needs the one-time link. It is shown when the server starts and there is no administrator yet; a new start makes a new one.';
}
