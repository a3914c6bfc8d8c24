/** Adds a button beside every value and code block that copies it. Works on any page; nothing is lost without it. */
export function addCopyButtons(root) {
  for (const value of root.querySelectorAll('.copyable:not([data-copy])')) {
    value.dataset.copy = ''
    value.after(copyButton(() => value.textContent, value.textContent))
  }
  for (const block of root.querySelectorAll('pre:not([data-copy])')) {
    block.dataset.copy = ''
    const frame = document.createElement('div')
    frame.className = 'with-copy'
    block.replaceWith(frame)
    frame.append(
      block,
      copyButton(() => block.textContent, 'code'),
    )
  }
}

function copyButton(text, what) {
  const button = document.createElement('button')
  button.type = 'button'
  button.className = 'copy'
  button.textContent = 'Copy'
  button.setAttribute('aria-label', `Copy ${what}`)
  button.addEventListener('click', async () => {
    button.textContent = await copy(text())
    setTimeout(() => {
      button.textContent = 'Copy'
    }, 1500)
  })
  return button
}

/** What became of it, for the button. Over plain HTTP on another machine the browser has no clipboard for pages. */
async function copy(text) {
  try {
    await navigator.clipboard.writeText(text)
    return 'Copied'
  } catch {
    return 'Not allowed'
  }
}

addCopyButtons(document)
