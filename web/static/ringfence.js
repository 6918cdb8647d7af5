// Shows the notice of base.html while the page cannot hear of what happens.
for (const [event, lost] of [["htmx:sseOpen", false], ["htmx:sseError", true], ["htmx:sendError", true]]) {
  document.addEventListener(event, () => { document.getElementById("lost").hidden = !lost })
}

// What a reader has opened stays open when news come.
Idiomorph.defaults.callbacks.beforeAttributeUpdated = (name) => name !== "open"
