import type { FieldError } from '@premia/pos-sdk/contract/problems'

const instantShape = /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z$/
const dateShape = /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/

/** 30 February has the shape of a date. What looks like a date or an instant anywhere in a body must be one. */
export const checkCalendar = (value: unknown, path = ''): readonly FieldError[] => {
  if (typeof value === 'string') return checkText(value, path)
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, item]) => checkCalendar(item, `${path}/${key}`))
}

const checkText = (text: string, path: string): readonly FieldError[] => {
  const full = dateShape.test(text) ? `${text}T00:00:00.000Z` : text
  if (!instantShape.test(full)) return []
  const at = Date.parse(full)
  if (!Number.isNaN(at) && new Date(at).toISOString() === full) return []
  return [{ path, message: 'is not in the calendar' }]
}

/** Whether an IANA zone is known here. */
export const isZone = (zone: string): boolean => {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone })
    return true
  } catch {
    return false
  }
}
