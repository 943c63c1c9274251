import { useQuery } from '@tanstack/react-query'
import { RequestError } from '../../lib/api.ts'
import { blobAddress } from '../../lib/upload.ts'

/** The bytes of a blob never change, so that they are fetched once. */
export function useBlob<T>(hash: string, as: string, read: (blob: Blob) => Promise<T>) {
  return useQuery({
    queryKey: ['blob', hash, as],
    queryFn: async ({ signal }) => {
      const response = await fetch(blobAddress(hash), { credentials: 'same-origin', signal })
      if (!response.ok)
        throw new RequestError({ code: 'blob-missing', status: response.status, detail: 'What this run gave back is no longer kept.' })
      return read(await response.blob())
    },
    staleTime: Infinity,
    gcTime: 60_000,
    retry: 0,
  })
}
