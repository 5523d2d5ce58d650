import { type Language, type NoticeCode, noticeText } from '@premia/pos-sdk/contract/problems'
import type { Notice } from '@premia/pos-sdk/contract/till'

export type About = NonNullable<Notice['about']>

/** A notice as it is kept: its text is made when it is told, in the program's first language. */
export interface KeptNotice {
  readonly code: NoticeCode
  readonly about?: About
}

/** A sale has many lines and one till: of notices about lines only the first of a kind is told. */
export class Notices {
  readonly kept: KeptNotice[] = []

  add(code: NoticeCode, about?: About): void {
    const once = about === undefined || about.line !== undefined
    if (once && this.kept.some((notice) => notice.code === code)) return
    this.kept.push(about === undefined ? { code } : { code, about })
  }
}

export const tell = (kept: readonly KeptNotice[], language: Language): Notice[] =>
  kept.map(({ code, about }) => ({ ...noticeText(code, language), ...(about === undefined ? undefined : { about }) }))

export const severityOf = (code: NoticeCode): 'info' | 'warn' => noticeText(code, 'en').severity
