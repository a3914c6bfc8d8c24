import { addCopyButtons } from './copy.js'

/** Shows both keys of an endpoint, as the management plane answered them. */
export function showKeys(container, { PrimaryKey, SecondaryKey }) {
  container.replaceChildren(
    keyList([
      ['Primary key', PrimaryKey],
      ['Secondary key', SecondaryKey],
    ]),
  )
  addCopyButtons(container)
  container.hidden = false
}

/** Takes the keys out of the page again. */
export function hideKeys(container) {
  container.replaceChildren()
  container.hidden = true
}

function keyList(entries) {
  const list = document.createElement('dl')
  list.className = 'facts'
  for (const [name, key] of entries) {
    const row = document.createElement('div')
    const term = document.createElement('dt')
    term.textContent = name
    const value = document.createElement('dd')
    const code = document.createElement('code')
    code.className = 'copyable'
    code.textContent = key
    value.append(code)
    row.append(term, value)
    list.append(row)
  }
  return list
}
