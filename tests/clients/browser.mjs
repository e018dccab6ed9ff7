// The browser's part of a sign-in: fills in the form, allows the access, and returns the code that the callback gets.
export async function allowInBrowser(address, username, password) {
  const submit = async (page, fields) => {
    for (const [, name, value] of page.matchAll(/<input type=hidden name=(\w+) value="([^"]*)"/g)) {
      fields[name] = value.replaceAll('&quot;', '"').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
    }
    const action = new URL(page.match(/<form method=post action="([^"]*)"/)[1], address);
    return fetch(action, { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual' });
  };
  const signInPage = await (await fetch(address)).text();
  const consentPage = await (await submit(signInPage, { username, password })).text();
  const back = await submit(consentPage, { decision: 'allow' });
  return new URL(back.headers.get('location'));
}
