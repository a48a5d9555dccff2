"""What is asked of a page in a browser, in JavaScript."""

from __future__ import annotations

# The lowest contrast of any visible text with what is behind it (WCAG 2.2, 1.4.3), and which text that is.
CONTRAST = """(() => {
  const light = c => { c = c / 255; return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4 };
  const luminance = rgb => 0.2126 * light(rgb[0]) + 0.7152 * light(rgb[1]) + 0.0722 * light(rgb[2]);
  const numbers = text => text.match(/[\\d.]+/g).map(Number);
  const behind = one => {
    for (; one; one = one.parentElement) {
      const rgb = numbers(getComputedStyle(one).backgroundColor);
      if (rgb.length === 3 || rgb[3] > 0) return rgb;
    }
    throw 'no background';
  };
  let worst = [99, ''];
  for (const one of document.querySelectorAll('body *')) {
    const own = [...one.childNodes].some(n => n.nodeType === 3 && n.textContent.trim());
    if (!own || !one.checkVisibility()) continue;
    const style = getComputedStyle(one);
    const ink = luminance(numbers(one instanceof SVGElement ? style.fill : style.color));
    const paper = luminance(behind(one));
    const ratio = (Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05);
    if (ratio < worst[0]) worst = [ratio, one.textContent];
  }
  return worst;
})()"""

# Texts of charts that cover one another, or reach out of the window.
CLASHES = """(() => {
  const found = [];
  for (const chart of document.querySelectorAll('svg')) {
    if (!chart.checkVisibility()) continue;
    const boxes = [...chart.querySelectorAll('text')].map(t => [t.textContent, t.getBoundingClientRect()]);
    boxes.forEach(([said, a], place) => {
      if (a.left < 0 || a.right > innerWidth) found.push(said + ' is outside');
      for (const [other, b] of boxes.slice(place + 1)) {
        const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
        const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
        if (wide > 1 && high > 3) found.push(said + ' / ' + other);
      }
    });
  }
  return found;
})()"""

SMALLEST = """Math.min(...[...document.querySelectorAll('svg')].filter(s => s.checkVisibility())
  .map(s => 12 * s.getBoundingClientRect().width / s.viewBox.baseVal.width))"""
