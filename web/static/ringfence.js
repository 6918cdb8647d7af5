// News come by a stream. While it is silent the page asks for them, and says so when nobody answers that either, unless
// it waits for just that.
const SILENT = 12000, ASK = 5000
let heard = Date.now()
const lost = (so) => { document.getElementById("lost").hidden = !so }
const ask = () => { if (document.querySelector("[sse-connect]")) document.body.dispatchEvent(new Event("poll")) }
document.addEventListener("htmx:sseOpen", (event) => {
  heard = Date.now()
  lost(false)
  event.detail.source.addEventListener("beat", () => { heard = Date.now() })
})
document.addEventListener("htmx:sseMessage", () => { heard = Date.now() })
document.addEventListener("htmx:sseError", () => { heard = 0; ask() })
document.addEventListener("htmx:sendError", ({ target }) => lost(!("waits" in target.dataset)))
document.addEventListener("htmx:afterOnLoad", () => lost(false))
setInterval(() => { if (Date.now() - heard > SILENT) ask() }, ASK)

// What a reader has opened stays open when news come, what they typed stays as long as the box has nothing newer,
// and the way back from a tap stays where it was offered.
const filled = (node) => node.classList?.contains("filled")
const typed = (old, fresh) => "defaultValue" in old && old.value !== old.defaultValue && fresh.defaultValue === old.defaultValue
Object.assign(Idiomorph.defaults.callbacks, {
  beforeAttributeUpdated: (name) => name !== "open",
  beforeNodeMorphed: (old, fresh) => (!filled(old) || filled(fresh)) && !typed(old, fresh),
  beforeNodeRemoved: (node) => !node.classList?.contains("outcome"),
})

// A finger that comes down twice has tapped once: what its first tap did is not undone, or done again, by the second.
// A mouse's clicks are counted by every browser, those of fingers and keys not by all.
const TWICE = 400
let tapped = { at: -Infinity }
document.addEventListener("click", (event) => {
  const button = event.target.closest("button")
  if (!button) return
  const soon = event.pointerType !== "mouse" && button === tapped.button && event.timeStamp - tapped.at < TWICE
  const again = event.detail > 1 || soon
  tapped = { button, at: event.timeStamp }
  if (!again) return
  event.preventDefault()
  event.stopImmediatePropagation()
}, true)

// What is open of a call comes back with what became of a tap at it.
document.addEventListener("htmx:configRequest", (event) => {
  if (event.target.closest(".call")?.querySelector(".panel.filled")) event.detail.parameters.panel = "yes"
})

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

// What goes on paper is unfolded for it.
addEventListener("beforeprint", () => { for (const folded of document.querySelectorAll("details.paper")) folded.open = true })

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

// Over TLS the page may stand on a phone's home screen.
if (document.querySelector("link[rel=manifest]")) navigator.serviceWorker?.register("/worker.js").catch(() => {})
