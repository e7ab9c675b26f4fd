/** Builds elements. Text goes in as text: nothing of a name or a message is ever read as markup. */
export const domScript = `
const build = (node, attributes, children) => {
  for (const [name, value] of Object.entries(attributes)) if (value !== null) node.setAttribute(name, value);
  node.append(...children.flat());
  return node;
};
const el = (tag, attributes = {}, ...children) => build(document.createElement(tag), attributes, children);
const svg = (tag, attributes = {}, ...children) =>
  build(document.createElementNS('http://www.w3.org/2000/svg', tag), attributes, children);
const facts = (pairs) => el('dl', { class: 'call-facts' },
  pairs.map(([name, value]) => el('div', {}, el('dt', {}, name), el('dd', {}, value))));
const unzip = (base64) => {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip')));
};
`;
