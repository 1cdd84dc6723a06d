// What the theme's templates call by name, for the Alpine that evaluates nothing: it knows registered names alone.
// `theme`, `getCurrentTab`, `sortRecords` and `moveRecords` are the theme's own (unfold/js/app.js).
document.addEventListener("alpine:init", () => {
  const NARROWEST_PX = 220;
  const WIDEST_PX = 360;

  function widthAt(event) {
    const sidebar = document.getElementById("nav-sidebar").getBoundingClientRect();
    const fromRight = getComputedStyle(document.documentElement).direction === "rtl";
    const wanted = fromRight ? sidebar.right - event.clientX : event.clientX;
    const width = Math.min(WIDEST_PX, Math.max(NARROWEST_PX, wanted));
    localStorage.setItem("sidebarWidth", width);
    return width;
  }

  function addressOf(tab) {
    const address = window.location.pathname + window.location.search;
    return tab && tab !== "general" ? `${address}#${tab}` : address;
  }

  Alpine.data("theme", (fixed) => ({
    ...theme(fixed),
    currentTab: getCurrentTab,
    addressOf,
    widthAt,
    sortRecords,
    moveRecords,
  }));
});
