package io.portproxy.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The machine and the programs of a measurement. Results mean nothing without them. */
final class Environment {
    private Environment() {}

    /** Returns the processors, the memory, the kernel, and the versions of the measured programs. */
    static Map<String, String> describe() {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("processors", Integer.toString(Runtime.getRuntime().availableProcessors()));
        facts.put("processor", line("/proc/cpuinfo", "model name"));
        facts.put("memory", line("/proc/meminfo", "MemTotal"));
        facts.put("kernel", System.getProperty("os.version"));
        facts.put("congestion control", line("/proc/sys/net/ipv4/tcp_congestion_control", ""));
        facts.put("java", System.getProperty("java.vm.version"));
        facts.put("haproxy", version("haproxy", "-v"));
        facts.put("nginx", version("nginx", "-v"));
        facts.put("ssh", version("ssh", "-V"));
        facts.put("iperf3", version("iperf3", "--version"));
        return facts;
    }

    private static String line(String file, String key) {
        try (var lines = Files.lines(Path.of(file))) {
            return lines.filter(line -> line.startsWith(key))
                    .findFirst()
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .orElse("unknown");
        } catch (IOException e) {
            return "unknown";
        }
    }

    private static String version(String program, String option) {
        Optional<Path> path = Programs.find(program);
        if (path.isEmpty()) {
            return "not installed";
        }
        try {
            Process process = new ProcessBuilder(List.of(path.get().toString(), option))
                    .redirectErrorStream(true)
                    .start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return output.lines().findFirst().orElse("unknown").strip();
        } catch (IOException e) {
            return "unknown";
        }
    }
}
