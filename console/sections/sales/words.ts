import type { TextsOf } from '../../kit/model/texts.ts'
import type { sales } from './section.ts'

export type SalesTexts = TextsOf<typeof sales>
