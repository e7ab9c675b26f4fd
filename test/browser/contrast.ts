/**
 * An expression for the page: texts whose contrast (WCAG 2.1, 1.4.3) against the ground they stand on is under `least`.
 * As a string, so that the harness need not be typed as if it ran in a browser.
 */
export const faintTexts = (least: number, of = 'main *, header *, footer'): string => `(() => {
  const channels = (colour) => (colour.match(/[\\d.]+/g) ?? []).map(Number);
  const luminance = (colour) => {
    const [r, g, b] = channels(colour).map((value) => {
      const share = value / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const groundOf = (element) => {
    const colour = getComputedStyle(element).backgroundColor;
    return channels(colour)[3] === 0 ? groundOf(element.parentElement) : colour;
  };
  const hasText = (one) => [...one.childNodes].some((node) => node.nodeType === 3 && node.nodeValue.trim() !== '');
  return [...document.querySelectorAll('${of}')]
    .filter((one) => !one.closest('svg') && hasText(one))
    .flatMap((one) => {
      const pair = [luminance(getComputedStyle(one).color), luminance(groundOf(one))].sort((a, b) => b - a);
      const ratio = (pair[0] + 0.05) / (pair[1] + 0.05);
      return ratio < ${least} ? [one.className + ' ' + one.textContent.slice(0, 30) + ': ' + ratio.toFixed(2)] : [];
    });
})()`;
