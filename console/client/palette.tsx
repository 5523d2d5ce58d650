import { useQuery } from '@tanstack/preact-query'
import { useLocation } from 'preact-iso'
import { useEffect, useRef, useState } from 'preact/hooks'
import { foldText } from '../kit/model/fold-text.ts'
import type { Found } from '../kit/model/wire.ts'
import { getJson } from '../kit/ui/api.ts'
import { Dialog } from '../kit/ui/dialog.tsx'
import { formatDate } from '../kit/ui/format.ts'
import { words } from '../kit/ui/language.ts'
import { linkTo, useShell } from '../kit/ui/shell-context.ts'

interface Offer {
  readonly group: string
  readonly title: string
  readonly detail: string
  readonly href: string
}

const askAfterMs = 150

/** The text that somebody stopped typing. */
const useSettled = (text: string): string => {
  const [settled, setSettled] = useState(text)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), askAfterMs)
    return () => clearTimeout(timer)
  }, [text])
  return settled
}

const useOffers = (typed: string): { readonly offers: readonly Offer[]; readonly busy: boolean } => {
  const { me, scope, zone } = useShell()
  const { path } = useLocation()
  const text = words.value
  const settled = useSettled(typed.trim())
  const { data = [], isFetching } = useQuery({
    queryKey: ['find', scope, settled],
    queryFn: () => getJson<readonly Found[]>('/find', { scope, text: settled }),
    enabled: settled.length >= 2,
    placeholderData: (previous) => (settled.length >= 2 ? previous : []),
    staleTime: 10_000,
  })
  const fits = (title: string): boolean => foldText(title).includes(foldText(typed.trim()))
  const [, here = ''] = path.split('/')
  const sections = me.menu
    .filter((entry) => fits(entry.title))
    .map((entry) => ({
      group: text.palette.sections,
      title: entry.title,
      detail: text.groups[entry.group] ?? '',
      href: linkTo(`/${entry.section}`, { scope }),
    }))
  const scopes = [...me.organizers, ...me.programs]
    .filter((each) => typed.trim() !== '' && fits(each.name))
    .map((each) => ({
      group: text.palette.scopes,
      title: each.name,
      detail: '',
      href: linkTo(`/${here}`, { scope: each.id }),
    }))
  const titles = new Map(me.menu.map((entry) => [entry.section, entry.title]))
  const found = (settled.length >= 2 ? data : []).map((each) => ({
    group: text.palette.found,
    title: each.title,
    detail: [
      titles.get(each.section),
      each.waits === true ? text.palette.waits : '',
      each.detail,
      each.at === undefined ? '' : formatDate(each.at, zone),
    ]
      .filter(Boolean)
      .join(' · '),
    href: linkTo(each.waits === true ? `/${each.section}` : `/${each.section}/${each.id}`, {
      scope,
      ...(each.waits === true ? { waits: each.id } : {}),
    }),
  }))
  return { offers: [...found, ...sections, ...scopes], busy: isFetching || settled !== typed.trim() }
}

/** Ctrl/⌘+K: go to a section or scope, or find a record by card, phone, receipt number or name. */
export const Palette = ({ onClose }: { readonly onClose: () => void }) => {
  const text = words.value.palette
  const { route } = useLocation()
  const [typed, setTyped] = useState('')
  const [at, setAt] = useState(0)
  const list = useRef<HTMLUListElement>(null)
  const { offers, busy } = useOffers(typed)
  const current = Math.min(at, Math.max(offers.length - 1, 0))
  useEffect(() => list.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' }), [current])
  const pick = (offer: Offer | undefined): void => {
    if (offer === undefined) return
    onClose()
    route(offer.href)
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'ArrowDown') setAt(Math.min(current + 1, offers.length - 1))
    else if (event.key === 'ArrowUp') setAt(Math.max(current - 1, 0))
    else if (event.key === 'Enter') pick(offers[current])
    else return
    event.preventDefault()
  }
  return (
    <Dialog title={text.title} onClose={onClose} class="palette">
      <input
        role="combobox"
        aria-label={text.title}
        aria-expanded="true"
        aria-controls="palette-offers"
        aria-activedescendant={offers.length > 0 ? `offer-${current}` : undefined}
        placeholder={text.placeholder}
        autoComplete="off"
        spellcheck={false}
        value={typed}
        onInput={(event) => {
          setTyped(event.currentTarget.value)
          setAt(0)
        }}
        onKeyDown={onKeyDown}
      />
      <ul id="palette-offers" ref={list} role="listbox" aria-label={text.title}>
        {offers.map((offer, index) => (
          <li
            key={`${offer.group}${offer.href}`}
            id={`offer-${index}`}
            role="option"
            aria-selected={index === current}
            onClick={() => pick(offer)}
            onPointerMove={() => setAt(index)}
          >
            {offers[index - 1]?.group === offer.group ? null : <span class="offer-group">{offer.group}</span>}
            <span class="offer">
              <strong>{offer.title}</strong>
              <span class="muted">{offer.detail}</span>
            </span>
          </li>
        ))}
      </ul>
      <p class="muted palette-foot" role="status">
        {busy ? text.searching : offers.length === 0 ? text.nothing : text.hint}
      </p>
    </Dialog>
  )
}
