// Keeps our own files, and a notice for when the box cannot be reached. Pages and answers are never kept.
const files = {{ files|tojson }}
const offline = {{ url_for("home_screen.offline")|tojson }}
const name = files.join()

addEventListener("install", (event) => event.waitUntil(
  caches.open(name).then((cache) => cache.addAll([...files, offline])).then(() => skipWaiting())
))

addEventListener("activate", (event) => event.waitUntil(
  caches.keys().then((names) => Promise.all(names.filter((one) => one !== name).map((one) => caches.delete(one))))
))

addEventListener("fetch", (event) => {
  const { request } = event
  const path = request.url.slice(location.origin.length)
  if (request.mode === "navigate") event.respondWith(fetch(request).catch(() => caches.match(offline)))
  else if (files.includes(path)) event.respondWith(caches.match(path).then((kept) => kept ?? fetch(request)))
})
