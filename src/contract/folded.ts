import { STANDS_FOR } from './sameLetters'

const MAY_DIFFER = /[A-Z\u0080-\uffff]/g

/**
 * Returns the form in which SKUs and user names are compared. Two of them are the same where MySQL's collation
 * `utf8_general_ci` says so (magento.md §6.5): case, accents and spaces at the end do not count. Characters beyond
 * U+FFFF, which Magento's tables cannot hold, stay as they are. The form does not depend on the database's locale.
 */
export function folded(name: string): string {
  return withoutSpacesAtEnd(name.replace(MAY_DIFFER, (letter) => STANDS_FOR.get(letter) ?? letter))
}

/** A loop, because a pattern would look at a long row of spaces again for each of them. */
function withoutSpacesAtEnd(text: string): string {
  let end = text.length
  while (text[end - 1] === ' ') end--
  return text.slice(0, end)
}
