package io.portproxy.cli;

import io.portproxy.client.ExposeListener;
import io.portproxy.client.ExposedTarget;
import io.portproxy.config.problem.StartFailure;
import io.portproxy.protocol.ExposeRefusal;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import tools.jackson.databind.json.JsonMapper;

/**
 * Prints where the server exposes the targets, one line for each. Ends the process if the server refuses a target that was never
 * exposed. If the target was exposed before, ends the process only if the server refuses until somebody changes a configuration.
 * Prints on a thread of its own, because the reader of the lines may be slow. Any thread.
 */
final class ExposePrinter implements ExposeListener {
    private static final int MAX_WAITING = 1024;

    private final Console console;
    private final boolean json;
    private final boolean qr;
    private final IntConsumer exit;
    private final Set<String> exposed = new HashSet<>(); // all targets exposed so far; printer thread only
    private final Set<String> drawn = new HashSet<>(); // addresses drawn so far, each once; printer thread only
    private final ThreadPoolExecutor printer;

    /**
     * @param json whether to print each line as a JSON object
     * @param qr whether to draw the address of a web application as a QR code as well
     * @param exit ends the process with an exit code
     */
    ExposePrinter(Console console, boolean json, boolean qr, IntConsumer exit) {
        this.console = console;
        this.json = json;
        this.qr = qr;
        this.exit = exit;
        this.printer = new ThreadPoolExecutor(
                1,
                1,
                0,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(MAX_WAITING),
                task -> {
                    Thread thread = new Thread(task, "expose-printer");
                    thread.setDaemon(true);
                    return thread;
                },
                new ThreadPoolExecutor.DiscardPolicy()); // drops a line if the queue is full; the log has them all
    }

    @Override
    public void exposed(ExposedTarget now) {
        printer.execute(() -> {
            exposed.add(now.target());
            console.out().println(json ? json(now) : now.text() + " -> " + now.target());
            if (qr) {
                now.url()
                        .filter(drawn::add)
                        .flatMap(QrCode::of)
                        .ifPresent(lines -> lines.forEach(console.out()::println));
            }
        });
    }

    private static String json(ExposedTarget now) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("target", now.target());
        members.put("type", now.url().isPresent() ? "http" : "tcp");
        now.url().ifPresent(url -> members.put("url", url));
        members.put("address", now.address());
        members.put("host", now.host());
        members.put("port", now.port());
        return JsonMapper.shared().writeValueAsString(members);
    }

    @Override
    public void refused(String target, ExposeRefusal reason, String message) {
        printer.execute(() -> {
            if (json) {
                Map<String, Object> members = new LinkedHashMap<>();
                members.put("target", target);
                members.put("refused", reason.key());
                members.put("message", message);
                console.out().println(JsonMapper.shared().writeValueAsString(members));
            } else {
                console.err().println(target + " is not exposed: " + message);
            }
            if (reason.isLast() || !exposed.contains(target)) {
                exit.accept(reason.isLast() ? StartFailure.WRONG_CONFIGURATION : StartFailure.FAILED);
            }
        });
    }
}
