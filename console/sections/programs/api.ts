import type { SectionApi } from '../../kit/server/section-api.ts'

export const api: SectionApi = {}
