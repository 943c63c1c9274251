import './styles.css'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { TipProvider } from './components/tip.tsx'
import { createQueries } from './app/queries.ts'
import { createAppRouter } from './app/router.tsx'
import { SessionGate } from './app/session-gate.tsx'
import { Notices } from './app/notices.tsx'
import { applyAppearance } from './lib/preferences.ts'

const root = document.getElementById('root')
if (!root) throw new Error('index.html holds no #root')

applyAppearance()
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', applyAppearance)
const queries = createQueries()
const router = createAppRouter()

createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <TipProvider delayDuration={400}>
        <SessionGate>
          <RouterProvider router={router} />
        </SessionGate>
        <Notices />
      </TipProvider>
    </QueryClientProvider>
  </StrictMode>,
)
