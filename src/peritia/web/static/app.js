// Small helpers; every page works without them.
"use strict";

const theme = document.getElementById("theme");
theme.hidden = false;
theme.addEventListener("click", () => {
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  const now = document.documentElement.dataset.theme || (dark ? "dark" : "light");
  const next = now === "dark" ? "light" : "dark";
  document.documentElement.dataset.theme = next;
  localStorage.setItem("theme", next);
});

// A form is sent once, however often its button is pressed.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || form.hasAttribute("hx-post") || form.dataset.passkey) return;
  if (form.dataset.sent) { event.preventDefault(); return; }
  form.dataset.sent = "yes";
  addEventListener("pageshow", () => delete form.dataset.sent, { once: true });
});

// The drawing of the peritoneum: a click gives a region its next size by pressing the next radio button.
document.addEventListener("click", (event) => {
  const area = event.target.closest?.("[data-region]");
  if (!area) return;
  const buttons = [...document.querySelectorAll(`input[name="regions-${area.dataset.region}"]`)];
  const next = buttons[(buttons.findIndex((one) => one.checked) + 1) % buttons.length];
  next.checked = true;
  next.dispatchEvent(new Event("change", { bubbles: true }));
});

// After the board was drawn anew, the keyboard goes on at the next question.
document.addEventListener("htmx:after:swap", () => {
  if (document.activeElement && document.activeElement !== document.body) return;
  const wrong = document.querySelector("#live [aria-invalid='true']");
  (wrong || document.querySelector("#live .q input:not([type=hidden]), #live .q select, #live .q a"))?.focus({ preventScroll: !wrong });
});

// An option named in a link opens.
const open = () => {
  const target = location.hash && document.getElementById(location.hash.slice(1));
  if (target instanceof HTMLDetailsElement) target.open = true;
  target?.closest?.("details")?.setAttribute("open", "");
};
addEventListener("hashchange", open);
open();

// A clock of a session: counts from what the server said, so that a device with a wrong time shows the right one.
for (const digits of document.querySelectorAll("[data-seconds]")) {
  const ends = performance.now() + 1000 * Number(digits.dataset.seconds);
  const show = () => {
    const left = Math.max(0, Math.ceil((ends - performance.now()) / 1000));
    digits.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
    digits.closest(".clock").classList.toggle("over", left === 0);
  };
  show();
  setInterval(show, 500);
}
