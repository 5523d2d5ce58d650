import { Bookmark, X } from 'lucide-preact'
import { useState } from 'preact/hooks'
import type { Condition } from '../model/condition.ts'
import { testedFields } from '../model/tested-fields.ts'
import type { SavedView } from '../model/wire.ts'
import { textOfParts } from './condition-url.ts'
import { useKeys } from './keys.ts'
import { words } from './language.ts'
import type { LoadedSection } from './section-page.ts'
import { RemoveViewDialog, SaveViewDialog } from './view-dialogs.tsx'
import { useViews } from './use-views.ts'

interface TabsProps {
  readonly loaded: LoadedSection
  readonly parts: readonly Condition[]
  readonly sort: string
  readonly onPick: (view: { readonly filter: string | undefined; readonly sort?: string | undefined }) => void
}

interface Tab {
  readonly name: string
  readonly label: string
  readonly current: boolean
  readonly pick: () => void
}

/** The section's own views, then the person's; at most one of them is what the list shows. */
const tabsOf = ({ loaded, sort, onPick }: TabsProps, filter: string, saved: readonly SavedView[]) => {
  const { section, texts } = loaded
  const usual = section.list.sort.join(',')
  const own = saved.find((view) => view.filter === filter && view.sort === sort)
  const given = (section.list.views ?? []).map((view): Tab => {
    const text = view.filter === undefined ? '' : JSON.stringify(view.filter)
    return {
      name: view.name,
      label: texts.views[view.name] ?? view.name,
      current: own === undefined && text === filter,
      pick: () => onPick({ filter: orNone(text) }),
    }
  })
  const kept = saved.map(
    (view): Tab => ({
      name: view.id,
      label: view.name,
      current: view === own,
      pick: () => onPick({ filter: orNone(view.filter), sort: view.sort === usual ? undefined : view.sort }),
    }),
  )
  const known = own !== undefined || (sort === usual && (filter === '' || given.some((tab) => tab.current)))
  return { tabs: [...given, ...kept], own, known }
}

/**
 * A view is a filter with a name: choosing it sets the tokens, changing a token leaves it. After the section's own stand
 * those that the person has saved, with their order.
 */
export const ViewTabs = (props: TabsProps) => {
  const { loaded, parts, sort } = props
  const { section } = loaded
  const { list } = words.value
  const { saved, save, remove } = useViews(section.name)
  const [open, setOpen] = useState<'save' | SavedView | undefined>()
  const filter = textOfParts(parts) ?? ''
  const { tabs, own, known } = tabsOf(props, filter, saved)
  useKeys(Object.fromEntries(tabs.slice(0, 9).map((tab, index) => [`Alt+Digit${index + 1}`, tab.pick])))
  const close = (): void => setOpen(undefined)
  if (tabs.length === 0 && known) return null
  return (
    <>
      <nav class="views" aria-label={list.views}>
        {tabs.map(({ name, label, current, pick }) => (
          <button key={name} type="button" class="view" aria-current={current ? 'true' : undefined} onClick={pick}>
            {label}
          </button>
        ))}
        {own === undefined ? null : (
          <button
            type="button"
            class="view-tool"
            title={list.removeView(own.name)}
            aria-label={list.removeView(own.name)}
            onClick={() => setOpen(own)}
          >
            <X size={14} aria-hidden="true" />
          </button>
        )}
        {known ? null : (
          <button type="button" class="view-tool" onClick={() => setOpen('save')}>
            <Bookmark size={14} aria-hidden="true" />
            {list.saveView}
          </button>
        )}
      </nav>
      {open === 'save' ? (
        <SaveViewDialog
          taken={saved.map((view) => view.name)}
          personal={parts.flatMap(testedFields).some((name) => section.fields[name]?.personal === true)}
          onSave={async (name) => await save({ name, filter, sort })}
          onClose={close}
        />
      ) : null}
      {typeof open === 'object' ? (
        <RemoveViewDialog name={open.name} onRemove={async () => await remove(open)} onClose={close} />
      ) : null}
    </>
  )
}

const orNone = (filter: string): string | undefined => (filter === '' ? undefined : filter)
