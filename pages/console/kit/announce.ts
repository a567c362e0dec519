/** Makes a screen reader say the text, once the page has been drawn. */
export function announce(text: string): void {
  const place = document.getElementById('announcements')
  if (!place) return
  place.textContent = ''
  setTimeout(() => {
    place.textContent = text
  }, 50)
}
