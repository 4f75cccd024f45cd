// Runs in a page and returns what a person with a screen reader, a keyboard or weak eyes would stumble over.
(() => {
  const faults = [];
  const tell = (rule, element) => faults.push(`${rule}: ${element.outerHTML.slice(0, 160)}`);
  const visible = (element) => element.checkVisibility({ opacityProperty: false, visibilityProperty: true });
  const all = (selector) => [...document.querySelectorAll(selector)].filter(visible);
  const INTERACTIVE = 'a[href], button, input, select, textarea, summary, [tabindex]:not([tabindex="-1"])';

  const textOf = (element) =>
    [...element.childNodes]
      .map((node) => {
        if (node.nodeType === Node.TEXT_NODE) return node.textContent;
        if (node.nodeType !== Node.ELEMENT_NODE || node.getAttribute('aria-hidden') === 'true') return '';
        return node.getAttribute('aria-label') ?? textOf(node);
      })
      .join('')
      .trim();
  const nameOf = (element) => {
    const labelled = element.getAttribute('aria-labelledby');
    if (labelled) return labelled.split(' ').map((id) => document.getElementById(id)?.textContent ?? '').join(' ').trim();
    return element.getAttribute('aria-label') ?? (element.labels?.[0]?.textContent || textOf(element) || element.getAttribute('title') || '');
  };

  for (const element of all(`${INTERACTIVE}, [role=img], [role=dialog], [role=listbox], [role=menu], aside, nav, section[aria-labelledby]`)) {
    if (nameOf(element) === '') tell('has no name', element);
  }
  for (const element of all('button button, a button, button a, a a, [role=option] :is(a, button, input)')) tell('is inside another control', element);
  for (const element of document.querySelectorAll('[tabindex]')) if (element.tabIndex > 0) tell('jumps the tab order', element);
  for (const attribute of ['aria-labelledby', 'aria-describedby', 'aria-activedescendant', 'aria-controls', 'for']) {
    for (const element of all(`[${attribute}]`)) {
      for (const id of element.getAttribute(attribute).split(' ')) if (!document.getElementById(id)) tell(`${attribute} leads nowhere`, element);
    }
  }
  const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id);
  for (const id of new Set(ids.filter((id, at) => ids.indexOf(id) !== at))) faults.push(`id twice: ${id}`);
  if (all('main').length !== 1) faults.push('not exactly one main');
  if (all('h1').length !== 1) faults.push('not exactly one h1');
  let level = 0;
  for (const heading of all('h1, h2, h3, h4')) {
    const next = Number(heading.tagName[1]);
    if (next > level + 1) tell(`skips from h${level}`, heading);
    level = next;
  }
  for (const element of all('[role=option]')) if (!element.closest('[role=listbox]')) tell('option without a listbox', element);
  for (const element of all('[role=menuitem], [role=menuitemradio]')) if (!element.closest('[role=menu]')) tell('menu item without a menu', element);
  for (const element of all('button, select, input:not([type=checkbox]), textarea')) {
    const { width, height } = element.getBoundingClientRect();
    if (width < 20 || height < 20) tell(`is only ${Math.round(width)} × ${Math.round(height)}`, element);
  }

  const channels = (colour) => {
    const numbers = colour.match(/[\d.]+%?/g)?.map(Number) ?? [];
    const [r = 0, g = 0, b = 0, a = 1] = colour.startsWith('color(') ? numbers.map((value, at) => (at < 3 ? value * 255 : value)) : numbers;
    return { r, g, b, a };
  };
  const over = (front, back) => ({
    r: front.r * front.a + back.r * (1 - front.a),
    g: front.g * front.a + back.g * (1 - front.a),
    b: front.b * front.a + back.b * (1 - front.a),
    a: 1,
  });
  const backOf = (element) => {
    const layers = [];
    for (let at = element; at; at = at.parentElement) {
      const layer = channels(getComputedStyle(at).backgroundColor);
      if (layer.a > 0) layers.push(layer);
      if (layer.a === 1) break;
    }
    return layers.reduceRight((back, layer) => over(layer, back), { r: 255, g: 255, b: 255, a: 1 });
  };
  const luminance = ({ r, g, b }) => {
    const [x, y, z] = [r, g, b].map((value) => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  for (const element of all('body *')) {
    const ownText = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent.trim() !== '');
    if (!ownText || element.closest(':disabled, .visually-hidden, svg, option')) continue;
    const back = backOf(element);
    const front = over(channels(getComputedStyle(element).color), back);
    const [light, dark] = [luminance(front), luminance(back)].sort((a, b) => b - a);
    const ratio = (light + 0.05) / (dark + 0.05);
    if (ratio < 4.5) tell(`contrast ${ratio.toFixed(2)}`, element);
  }
  return faults;
})();
