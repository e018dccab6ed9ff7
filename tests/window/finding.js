// Finds what a user would find: by its role and its name, among what is in sight.
// arguments: role, name, within (name of a region, or null)
const [role, name, within] = arguments;
const tags = {
  button: 'button,[role=button],summary',
  link: 'a[href],[role=link]',
  textbox: 'input:not([type=checkbox]):not([type=radio]):not([type=hidden]):not([type=file]),textarea',
  checkbox: 'input[type=checkbox],[role=checkbox],[role=switch]',
  radio: 'input[type=radio],[role=radio]',
  option: '[role=option]',
  tab: '[role=tab]',
  menuitem: '[role=menuitem]',
  heading: 'h1,h2,h3,[role=heading]',
  row: '[role=row],tr',
  region: 'section,aside,nav,form,[role=group],[role=region],[role=dialog],main,table,[role=grid]',
  cell: '[role=gridcell],td',
};
const text = (node) => node.textContent.replace(/\s+/g, ' ').trim();
// Without what is only drawn, such as the asterisk of what is required.
const spoken = (label) => {
  const copy = label.cloneNode(true);
  for (const drawn of copy.querySelectorAll('[aria-hidden=true]')) drawn.remove();
  return text(copy);
};
const nameOf = (node) => {
  const label = node.getAttribute('aria-label');
  if (label) return label.trim();
  const by = node.getAttribute('aria-labelledby');
  if (by) {
    const words = by.split(' ').map((id) => document.getElementById(id)).filter(Boolean).map(text).join(' ').trim();
    if (words) return words;
  }
  if (node.labels?.length) return [...node.labels].map(spoken).join(' ');
  if (node.placeholder) return node.placeholder;
  return text(node);
};
const isSeen = (node) => node.getClientRects().length > 0 && getComputedStyle(node).visibility !== 'hidden';
// `*` stands for anything; several names stand with `|` between them.
const pattern = new RegExp(
  `^(${(name ?? '*').split('|').map((one) => one.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&')).join('.*')).join('|')})$`,
);
const fits = (found) => pattern.test(found);
const pick = (root, kind, test) => [...root.querySelectorAll(tags[kind] ?? `[role=${kind}]`)].filter((node) => isSeen(node) && test(nameOf(node)));
const root = within === null ? document : pick(document, 'region', (found) => found === within)[0];
if (!root) return null;
const found = pick(root, role, fits)[0] ?? null;
// A box that is drawn by its label is pressed there, and so is a switch, which lies under what is drawn.
const isUnder = found?.offsetWidth === 0 || found?.getAttribute('role') === 'switch';
return isUnder && found.labels?.length ? found.labels[0] : found;
