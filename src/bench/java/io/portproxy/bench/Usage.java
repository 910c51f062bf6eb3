package io.portproxy.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;

/**
 * What some processes have used: from {@code /proc/<pid>/stat} and {@code status}, see proc(5).
 *
 * @param cpuSeconds user and system time since they started, in steps of 10 ms
 * @param residentBytes resident memory now; what processes share counts for each
 */
record Usage(double cpuSeconds, long residentBytes) {
    /** Linux has told programs 100 ticks a second on every architecture for twenty years: sysconf(_SC_CLK_TCK). */
    private static final double TICKS_PER_SECOND = 100;

    private static final int USER_TIME = 11; // fields behind the name, which may hold blanks
    private static final int SYSTEM_TIME = 12;

    /** The sum over those processes. One that has ended counts nothing. */
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
                continue; // it has ended
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
