package io.portproxy.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;

/**
 * The CPU time and memory of some processes, from {@code /proc/<pid>/stat} and {@code status}, see proc(5).
 *
 * @param cpuSeconds user and system time since their start, in steps of 10 ms
 * @param residentBytes resident memory now; memory that processes share counts for each of them
 */
record Usage(double cpuSeconds, long residentBytes) {
    /** The value of sysconf(_SC_CLK_TCK), which is 100 on all architectures of Linux that matter. */
    private static final double TICKS_PER_SECOND = 100;

    private static final int USER_TIME = 11; // index among the fields after the name, which may contain blanks
    private static final int SYSTEM_TIME = 12;

    /** Returns the sum over those processes. A process that has ended does not count. */
    static Usage of(Collection<Long> pids) {
        double cpu = 0;
        long resident = 0;
        for (long pid : pids) {
            try {
                String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
                String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
                cpu += (Long.parseLong(fields[USER_TIME]) + Long.parseLong(fields[SYSTEM_TIME])) / TICKS_PER_SECOND;
                resident += residentBytes(pid);
            } catch (IOException e) {
                continue; // the process has ended
            }
        }
        return new Usage(cpu, resident);
    }

    private static long residentBytes(long pid) throws IOException {
        return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024)
                .sum();
    }
}
