// Shows the notice of base.html while the page cannot hear of what happens.
for (const [event, lost] of [["htmx:sseOpen", false], ["htmx:sseError", true], ["htmx:sendError", true]]) {
  document.addEventListener(event, () => { document.getElementById("lost").hidden = !lost })
}

// What a reader has opened stays open when news come.
Idiomorph.defaults.callbacks.beforeAttributeUpdated = (name) => name !== "open"

// Copies a field's text. Over plain http there is no clipboard API: the text is selected and copied as a person would.
async function copied(field) {
  try {
    await navigator.clipboard.writeText(field.value)
    return true
  } catch {
    field.focus()
    field.setSelectionRange(0, field.value.length)
    return document.execCommand("copy")
  }
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy], [data-fill], [data-print]")
  if (!button) return
  if ("print" in button.dataset) return window.print()
  const field = document.getElementById(button.dataset.copy || button.dataset.fill)
  if (button.dataset.fill) {
    field.value = button.textContent
    return field.dispatchEvent(new Event("change", { bubbles: true }))
  }
  const said = document.getElementById("copied")
  said.textContent = await copied(field) ? said.dataset.done : said.dataset.failed
  clearTimeout(said.timer)
  said.timer = setTimeout(() => { said.textContent = "" }, 3000)
})
