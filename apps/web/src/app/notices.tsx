import { Toaster } from 'sonner'

/** Short messages in the corner, in the app's own colours. */
export function Notices() {
  return (
    <Toaster
      position="bottom-right"
      gap={8}
      offset={{ bottom: 44, right: 16 }}
      mobileOffset={{ bottom: 72 }}
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
