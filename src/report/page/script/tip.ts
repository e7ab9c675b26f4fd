/**
 * Shows the <title> of what the pointer is over beside it, at once and in full. Without the script the browser's own
 * tooltips show the same text.
 */
export const tipScript = `
const tip = document.getElementById('tip');
const tipTexts = new WeakMap();
const tipOf = (group) => {
  const title = group.querySelector('title');
  if (title) {
    tipTexts.set(group, title.textContent);
    title.remove();
  }
  return tipTexts.get(group);
};
let x = -1;
let y = -1;
const show = () => {
  const group = document.elementFromPoint(x, y)?.closest('.tipped');
  tip.hidden = !group;
  if (!group) return;
  tip.textContent = tipOf(group);
  const { width, height } = tip.getBoundingClientRect();
  const left = Math.min(x + 14, innerWidth - width - 8);
  const top = y + 18 + height > innerHeight ? y - height - 12 : y + 18;
  tip.style.left = Math.max(8, left) + 'px';
  tip.style.top = Math.max(8, top) + 'px';
};
const at = (event) => { x = event.clientX; y = event.clientY; show(); };
const away = () => { x = -1; y = -1; show(); };
document.addEventListener('pointermove', at);
document.addEventListener('pointerdown', at);
document.addEventListener('pointercancel', away);
document.documentElement.addEventListener('pointerleave', away);
document.addEventListener('scroll', show, true);
`;
