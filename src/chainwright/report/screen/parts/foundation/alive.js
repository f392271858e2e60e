// Whether the server is still there: where it has ended the page says how to start it again, and comes back by itself with its run.
(function () {
  "use strict";
  const cw = window.chainwright;
  if (cw.alive) return;

  const ASKED = 3000; // milliseconds between two questions
  const GONE = 1000; // the same while nobody answers
  const PATH = "/_chainwright/alive";

  // Answers how to stop. Which server answers is told by its word: one that was started anew knows nothing of this page.
  cw.alive = (store) => {
    if (!/^http/.test(window.location.protocol)) return () => {};
    let clock = null;
    let ended = false;
    let word = null;
    let notice = null;

    function tell() {
      if (notice) return;
      if (store.state.playing) cw.playerOf(store).pause();
      const title = cw.h("h2", { tabindex: "-1" }, cw.text("page.gone"));
      const line = (key) => cw.h("p", {}, cw.text(key, { port: window.location.port }));
      notice = cw.h("div", { class: "cw-gone", role: "alert" }, cw.h("div", { class: "box" }, title, line("page.gone_how"), line("page.gone_then")));
      (document.querySelector(".cw-screen") || document.body).appendChild(notice);
      title.focus();
    }

    async function ask() {
      let next = ASKED;
      try {
        const answer = await fetch(PATH, { cache: "no-store" });
        // Whoever else serves this page does not know the question.
        if (!answer.ok) return;
        const said = await answer.text();
        if (ended) return;
        // A server that was started anew, or comes back, repeats what the address says.
        if (notice || (word !== null && said !== word)) return window.location.reload();
        word = said;
      } catch (refused) {
        if (ended) return;
        if (word !== null) tell();
        next = GONE;
      }
      clock = setTimeout(ask, next);
    }

    // A page that is being left asks nothing more: what is broken off then tells nothing of the server.
    const leave = () => {
      ended = true;
      clearTimeout(clock);
    };
    // One that is brought back by the browser asks again.
    const back = (event) => {
      if (!event.persisted) return;
      ended = false;
      ask();
    };
    window.addEventListener("pagehide", leave);
    window.addEventListener("pageshow", back);
    ask();
    return () => {
      leave();
      if (notice) notice.remove();
      window.removeEventListener("pagehide", leave);
      window.removeEventListener("pageshow", back);
    };
  };
})();
