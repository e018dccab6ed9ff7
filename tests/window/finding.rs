//! How things in the window are found: by role and name, as a screen reader tells them.

/// Finds the first visible element of a role and a name, in JavaScript; `arguments` are role, name and whether it must fit whole.
pub(crate) const BY_ROLE: &str = r#"
const [role, name, whole] = arguments;
const kinds = {
  button: 'button, [role=button], summary',
  link: 'a[href], [role=link]',
  textbox: 'input:not([type]), input[type=text], input[type=search], input[type=password], textarea, [role=textbox], [role=searchbox]',
  spinbutton: 'input[inputmode=numeric], input[inputmode=decimal], [role=spinbutton]',
  checkbox: 'input[type=checkbox], [role=checkbox], [role=switch]',
  radio: 'input[type=radio], [role=radio]',
  option: '[role=option]',
  tab: '[role=tab]',
  menuitem: '[role=menuitem]',
  heading: 'h1, h2, h3, [role=heading]',
  row: 'tr, [role=row]',
  region: 'section[aria-label], [role=region]',
};
const words = (text) => (text ?? '').replace(/\s+/g, ' ').trim();
const byId = (ids) => words(ids.split(' ').map((id) => document.getElementById(id)?.textContent ?? '').join(' '));
const nameOf = (element) => {
  const own = element.getAttribute('aria-label');
  if (own) return words(own);
  const by = element.getAttribute('aria-labelledby');
  if (by && byId(by)) return byId(by);
  if (element.labels?.length) return words([...element.labels].map((label) => label.textContent).join(' '));
  return words(element.textContent) || words(element.getAttribute('placeholder'));
};
const visible = (element) => {
  const box = element.getBoundingClientRect();
  const hidden = element.type === 'radio' || element.type === 'checkbox' || element.type === 'file';
  return hidden || (box.width > 0 && box.height > 0 && getComputedStyle(element).visibility !== 'hidden');
};
const fits = (found) => (whole ? found === name : found.includes(name));
return [...document.querySelectorAll(kinds[role] ?? `[role=${role}]`)].find(
  (element) => visible(element) && fits(nameOf(element)),
) ?? null;
"#;

/// Returns all text that can be seen.
pub(crate) const TEXT: &str = "return document.body.innerText.replace(/\\s+/g, ' ')";
