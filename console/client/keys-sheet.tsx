import { words } from '../kit/ui/language.ts'
import { Dialog } from '../kit/ui/dialog.tsx'

/** Every key of the page; each has a visible control as well. */
export const KeysSheet = ({ onClose }: { readonly onClose: () => void }) => {
  const text = words.value.keys
  const groups: readonly (readonly [title: string, keys: readonly (readonly [keys: string, effect: string])[]])[] = [
    [
      text.anywhere,
      [
        ['Ctrl K · ⌘ K', text.palette],
        ['?', text.sheet],
        ['Esc', text.back],
      ],
    ],
    [
      text.inList,
      [
        ['/', text.filter],
        ['j · k · ↓ · ↑', text.move],
        ['Enter', text.open],
        ['Shift ↓ · Shift ↑', text.select],
        ['Ctrl A · ⌘ A', text.selectAll],
        ['Ctrl C · ⌘ C', text.copy],
        ['Alt 1 … 9', text.views],
        ['r', text.refresh],
      ],
    ],
    [text.inRecord, [['[ · ]', text.neighbour]]],
  ]
  return (
    <Dialog title={text.title} onClose={onClose}>
      <div class="keys-sheet">
        {groups.map(([title, keys]) => (
          <section key={title}>
            <h3>{title}</h3>
            <dl>
              {keys.map(([key, effect]) => (
                <div key={key}>
                  <dt>
                    <kbd>{key}</kbd>
                  </dt>
                  <dd>{effect}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  )
}
