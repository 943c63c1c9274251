import { words } from '../words.ts'

/** The machines whose system calls are known here. */
export interface Machine {
  /** Its number in linux/audit.h. */
  audit: number
  /** Where calls of a second ABI begin (x32); null: there is none. */
  foreignFrom: number | null
  /** Calls that a machine does not have are not in it. */
  numbers: ReadonlyMap<string, number>
}

/** Refused whole. */
export const REFUSED: readonly string[] = words(`
  ptrace process_vm_readv process_vm_writev kcmp pidfd_getfd process_madvise perf_event_open lookup_dcookie
  add_key request_key keyctl bpf userfaultfd io_uring_setup io_uring_enter io_uring_register memfd_secret
  mount umount2 pivot_root chroot open_tree open_tree_attr move_mount mount_setattr fsopen fsconfig fsmount fspick
  name_to_handle_at open_by_handle_at fanotify_init quotactl quotactl_fd unshare setns
  kexec_load kexec_file_load init_module finit_module delete_module reboot acct syslog swapon swapoff
  sethostname setdomainname settimeofday clock_settime adjtimex clock_adjtime vhangup
  iopl ioperm modify_ldt uselib nfsservctl`)

/** The same everywhere (linux/scripts/syscall.tbl). */
const NEW = `
  io_uring_setup 425 io_uring_enter 426 io_uring_register 427 open_tree 428 move_mount 429 fsopen 430 fsconfig 431
  fsmount 432 fspick 433 clone3 435 pidfd_getfd 438 process_madvise 440 mount_setattr 442 quotactl_fd 443
  memfd_secret 447 open_tree_attr 467`

/** linux/arch/x86/entry/syscalls/syscall_64.tbl. */
const X64 = `
  ioctl 16 socket 41 socketpair 53 clone 56 ptrace 101 syslog 103 uselib 134 personality 135 vhangup 153 modify_ldt 154
  pivot_root 155 adjtimex 159 chroot 161 acct 163 settimeofday 164 mount 165 umount2 166 swapon 167 swapoff 168
  reboot 169 sethostname 170 setdomainname 171 iopl 172 ioperm 173 init_module 175 delete_module 176 quotactl 179
  nfsservctl 180 lookup_dcookie 212 clock_settime 227 kexec_load 246 add_key 248 request_key 249 keyctl 250
  unshare 272 perf_event_open 298 fanotify_init 300 name_to_handle_at 303 open_by_handle_at 304 clock_adjtime 305
  setns 308 process_vm_readv 310 process_vm_writev 311 kcmp 312 finit_module 313 kexec_file_load 320 bpf 321
  userfaultfd 323`

/** linux/include/uapi/asm-generic/unistd.h. */
const ARM64 = `
  lookup_dcookie 18 ioctl 29 umount2 39 mount 40 pivot_root 41 nfsservctl 42 chroot 51 vhangup 58 quotactl 60 acct 89
  personality 92 unshare 97 kexec_load 104 init_module 105 delete_module 106 clock_settime 112 syslog 116 ptrace 117
  reboot 142 sethostname 161 setdomainname 162 settimeofday 170 adjtimex 171 socket 198 socketpair 199 add_key 217
  request_key 218 keyctl 219 clone 220 swapon 224 swapoff 225 perf_event_open 241 fanotify_init 262
  name_to_handle_at 264 open_by_handle_at 265 clock_adjtime 266 setns 268 process_vm_readv 270 process_vm_writev 271
  kcmp 272 finit_module 273 bpf 280 userfaultfd 282 kexec_file_load 294`

/** By the name that `process.arch` has for them. */
export const MACHINES: Readonly<Record<string, Machine>> = {
  x64: { audit: 0xc000003e, foreignFrom: 0x40000000, numbers: numbersOf(X64) },
  arm64: { audit: 0xc00000b7, foreignFrom: null, numbers: numbersOf(ARM64) },
}

function numbersOf(table: string): ReadonlyMap<string, number> {
  const read = words(`${NEW} ${table}`)
  return new Map(read.flatMap((word, index) => (index % 2 === 0 ? [[word, Number(read[index + 1])] as const] : [])))
}
