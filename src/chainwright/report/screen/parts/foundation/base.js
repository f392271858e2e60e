// What all parts share: elements, texts, numbers, and the register of parts. Everything is shown as text, never as HTML.
(function () {
  "use strict";
  const cw = (window.chainwright = window.chainwright || {});
  if (cw.h) return;
  const SVG = "http://www.w3.org/2000/svg";

  function fill(element, attributes, children) {
    for (const [name, value] of Object.entries(attributes || {})) {
      if (value === null || value === undefined || value === false) continue;
      if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
      else if (name === "value") element.value = value;
      else if (name === "style") element.style.cssText = value;
      else element.setAttribute(name, value === true ? "" : value);
    }
    for (const child of children.flat(Infinity)) {
      if (child === null || child === undefined || child === false) continue;
      element.appendChild(child instanceof Node ? child : document.createTextNode(String(child)));
    }
    return element;
  }

  // An HTML element; attributes that begin with "on" are listeners; children are elements or texts.
  cw.h = (tag, attributes, ...children) => fill(document.createElement(tag), attributes, children);
  // An SVG element.
  cw.s = (tag, attributes, ...children) => fill(document.createElementNS(SVG, tag), attributes, children);
  // Other children in place of those that an element has.
  cw.fill = (element, ...children) => {
    element.textContent = "";
    return fill(element, null, children);
  };

  // A text of the one table, its {places} filled in. A key that is missing is shown as it is, so that a test finds it.
  cw.texts = cw.texts || {};
  cw.text = (key, values) => {
    const found = cw.texts[key];
    if (found === undefined) return key;
    return found.replace(/\{(\w+)\}/g, (whole, name) => (values && name in values ? String(values[name]) : whole));
  };

  // --- numbers, written as everywhere else in chainwright ------------------------------------------------------

  const DIGITS = 3;
  const SUPERSCRIPTS = { "-": "⁻", 0: "⁰", 1: "¹", 2: "²", 3: "³", 4: "⁴", 5: "⁵", 6: "⁶", 7: "⁷", 8: "⁸", 9: "⁹" };
  const WORDS = [[1e12, "trillion"], [1e9, "billion"], [1e6, "million"]];

  // Decimals with halves to even, as Python writes them; thousands apart.
  function fixed(value, decimals) {
    let text = Math.abs(value).toFixed(decimals);
    const scaled = Math.abs(value) * Math.pow(10, decimals);
    if (scaled % 1 === 0.5 && scaled / Math.pow(10, decimals) === Math.abs(value) && Math.floor(scaled) % 2 === 0) {
      text = (Math.floor(scaled) / Math.pow(10, decimals)).toFixed(decimals);
    }
    const [whole, rest] = text.split(".");
    const apart = whole.replace(/\B(?=(\d{3})+(?!\d))/g, ",");
    const sign = value < 0 && /[1-9]/.test(text) ? "−" : "";
    return sign + apart + (rest ? "." + rest : "");
  }

  cw.fixed = fixed;

  function power(value, digits) {
    const [mantissa, exponent] = value.toExponential(digits - 1).split("e");
    const shown = mantissa.includes(".") ? mantissa.replace(/0+$/, "").replace(/\.$/, "") : mantissa;
    const raised = String(Number(exponent)).replace(/./g, (sign) => SUPERSCRIPTS[sign]);
    return shown.replace("-", "−") + "×10" + raised;
  }

  // The beginning of a text, which ends between two letters and never within one.
  cw.firstLetters = (text, most) => Array.from(text).slice(0, most).join("");

  // A number for a reader: significant digits, thousands apart, a dash where there is none.
  cw.number = (value, digits = DIGITS, keep = false) => {
    if (value === null || value === undefined || Number.isNaN(value)) return "–";
    if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
    const size = Math.abs(value);
    if (size >= 1e10) {
      // What would round to a thousand of a size is one of the next.
      const near = Number(size.toExponential(digits - 1));
      if (near >= 1e15) return power(value, digits);
      const [unit, word] = WORDS.find(([unit]) => near >= unit);
      return cw.number(value / unit, digits, true) + "\u00a0" + word;
    }
    if (size >= 1000) return fixed(value, 0);
    if (size < 1e-12) return "0";
    if (size < 1e-4) return power(value, Math.min(digits, 2));
    const rounded = Math.abs(Number(value.toExponential(digits - 1)));
    const decimals = Math.max(digits - 1 - Math.floor(Math.log10(rounded)), 0);
    const text = fixed(value, decimals);
    if (text.includes(".") && (!keep || value === Math.round(value))) return text.replace(/0+$/, "").replace(/\.$/, "");
    return text;
  };

  // A measure's value, shares in per cent.
  cw.measure = (measure, value) => {
    if (!measure.share || value === null || value === undefined || !Number.isFinite(value)) return cw.number(value, DIGITS, true);
    const share = 100 * value;
    return share === 0 || Math.abs(share) >= 0.05 ? fixed(share, 1) + " %" : cw.number(share, 1) + " %";
  };

  // The same in few letters, where there is no room for millions; four digits.
  cw.brief = (measure, value) => (!measure.share && Math.abs(value) >= 1e6 && Math.abs(value) < 1e10 ? cw.text("number.short_millions", { value: cw.number(value / 1e6, 4, true) }) : cw.measure(measure, value));

  // A difference of a measure, with its sign; that of shares in points of a hundred.
  cw.difference = (measure, value) => {
    if (value === null || value === undefined || !Number.isFinite(value)) return "–";
    const text = measure.share ? cw.text("number.points", { value: cw.number(100 * value, 2) }) : cw.number(value, DIGITS, true);
    return value > 0 && /[1-9]/.test(text) ? "+" + text : text;
  };

  // --- the register of parts -----------------------------------------------------------------------------------

  const parts = {};
  // mount(element, store, options) answers {update(keys), close()}; both may be left out.
  cw.part = (kind, definition) => {
    parts[kind] = definition;
  };
  cw.mount = (kind, element, store, options) => {
    const definition = parts[kind];
    if (!definition) throw new Error(`there is no part ${kind}`);
    element.classList.add("cw-part", `cw-${kind}`);
    const mounted = definition.mount(element, store, options || {}) || {};
    const heard = (keys) => mounted.update && mounted.update(keys);
    store.listen(heard);
    heard(null);
    return {
      close() {
        store.forget(heard);
        if (mounted.close) mounted.close();
        element.textContent = "";
      },
    };
  };

  // A file for the reader to keep.
  cw.download = (name, type, content) => {
    const address = URL.createObjectURL(new Blob([content], { type }));
    const link = cw.h("a", { href: address, download: name });
    document.body.appendChild(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(address), 10000);
  };
})();
