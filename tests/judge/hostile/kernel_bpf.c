// expect: AC
// Loads programs and makes maps in the kernel.
#include <linux/bpf.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>
#define TRY(call) if ((call) >= 0) return puts(#call), 0
int main(void)
{
    struct bpf_insn end[2] = { { .code = BPF_ALU64 | BPF_MOV | BPF_K }, { .code = BPF_JMP | BPF_EXIT } };
    union bpf_attr map, program, get;
    memset(&map, 0, sizeof map);
    memset(&program, 0, sizeof program);
    memset(&get, 0, sizeof get);
    map.map_type = BPF_MAP_TYPE_ARRAY;
    map.key_size = map.value_size = 4;
    map.max_entries = 1;
    program.prog_type = BPF_PROG_TYPE_SOCKET_FILTER;
    program.insn_cnt = 2;
    program.insns = (uintptr_t)end;
    program.license = (uintptr_t)"GPL";
    TRY(syscall(SYS_bpf, BPF_MAP_CREATE, &map, sizeof map));
    TRY(syscall(SYS_bpf, BPF_PROG_LOAD, &program, sizeof program));
    TRY(syscall(SYS_bpf, BPF_PROG_GET_NEXT_ID, &get, sizeof get));
    TRY(syscall(SYS_bpf, BPF_BTF_GET_FD_BY_ID, &get, sizeof get));
    puts("held");
}
