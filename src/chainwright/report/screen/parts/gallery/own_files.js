// Files that were opened from the gallery, kept by the reader's own browser, so that neither a reload nor another day loses a run of one of them.
(function () {
  "use strict";
  const cw = window.chainwright;
  if (cw.upload) return;

  const KEPT = "chainwright.files";
  // A browser keeps about five million letters of a page.
  const MOST = 2_500_000;

  const all = () => {
    const found = cw.kept(KEPT, []);
    return Array.isArray(found) ? found.filter((one) => one && typeof one.digest === "string" && typeof one.text === "string") : [];
  };
  const keep = (files) => {
    let letters = 0;
    cw.keep(KEPT, files.filter((one) => (letters += one.text.length) <= MOST));
  };

  cw.keepFile = (digest, { name, text }) => keep([{ digest, name, text }, ...all().filter((one) => one.digest !== digest)]);
  cw.fileOf = (digest) => all().find((one) => one.digest === digest) || null;
  // Only what a run of late needs is kept.
  cw.tidyFiles = () => {
    const needed = new Set(cw.recent().map((one) => one.file));
    if (all().some((one) => !needed.has(one.digest))) keep(all().filter((one) => needed.has(one.digest)));
  };

  // A file for Python, with the run of it that is wanted, if any.
  cw.upload = (store, { name, text }, fragment) => {
    store.uploaded = { name, text };
    store.wanted = null;
    store.send({ kind: "upload", name, text, fragment: fragment || "" });
  };
})();
