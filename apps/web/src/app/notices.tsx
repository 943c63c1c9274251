import { Toaster } from 'sonner'

/** Short messages below the top bar, in the app's own colours: what a page asks to be pressed stands at its bottom and right. */
export function Notices() {
  return (
    <Toaster
      position="top-center"
      gap={8}
      offset={{ top: 52 }}
      mobileOffset={{ top: 56 }}
      toastOptions={{
        unstyled: true,
        classNames: {
          toast:
            'panel-in flex w-full items-start gap-2 rounded-card border border-line bg-raised px-3 py-2.5 text-13 text-ink shadow-float',
          icon: 'mt-px',
          error: '[&_[data-icon]]:text-remove',
          success: '[&_[data-icon]]:text-add',
          actionButton: 'ml-auto shrink-0 font-medium text-accent-text',
          content: 'min-w-0 flex-1',
        },
      }}
    />
  )
}
