/** Tells a screen reader what has happened, once the page has come to rest. */
export function announce(text: string): void {
  const place = document.getElementById('announcements')
  if (!place) return
  place.textContent = ''
  setTimeout(() => {
    place.textContent = text
  }, 50)
}
