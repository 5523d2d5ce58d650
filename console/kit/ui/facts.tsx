import type { Cell, ListRow, RefCell } from '../model/wire.ts'
import { CellView } from './cell.tsx'
import { CopyCode } from './copy-code.tsx'
import type { LoadedSection } from './section-page.ts'
import { linkTo, useShell } from './shell-context.ts'

/** The record's facts, as far as the person may see them and there is something to see. */
export const Facts = ({ loaded, row }: { readonly loaded: LoadedSection; readonly row: ListRow }) => {
  const { section, texts } = loaded
  const shell = useShell()
  const shown = section.record.facts.filter((name) => {
    const cell = row.cells[name]
    return cell !== undefined && cell !== null && cell !== ''
  })
  return (
    <dl class="facts">
      {shown.map((name) => {
        const field = section.fields[name]
        return field === undefined ? null : (
          <div key={name}>
            <dt>{texts.fields[name]?.label ?? name}</dt>
            <dd>
              {field.type === 'text' && (field.format === 'code' || field.format === 'phone') ? (
                <CopyCode code={row.cells[name] as string} />
              ) : field.type === 'ref' && shell.me.menu.some((entry) => entry.section === field.to) ? (
                <References cell={row.cells[name] ?? null} section={field.to} />
              ) : (
                <CellView field={field} cell={row.cells[name] ?? null} context={{ shell, texts, row, name }} />
              )}
            </dd>
          </div>
        )
      })}
    </dl>
  )
}

/** What has a page of its own is one step away. */
const References = ({ cell, section }: { readonly cell: Cell; readonly section: string }) => {
  const { scope } = useShell()
  return (
    <>
      {([cell].flat() as readonly RefCell[]).map(({ id, label }) => (
        <a key={id} href={linkTo(`/${section}/${id}`, { scope })}>
          {label}
        </a>
      ))}
    </>
  )
}
