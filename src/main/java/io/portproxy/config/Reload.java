package io.portproxy.config;

import io.micrometer.core.instrument.MeterRegistry;
import io.portproxy.admin.manage.ChangeLog;
import io.portproxy.config.check.CheckedServer;
import io.portproxy.config.problem.ConfigurationProblemsException;
import io.portproxy.config.problem.EnvironmentValues;
import io.portproxy.config.problem.FailureAnalyses;
import io.portproxy.config.problem.ListenProblem;
import io.portproxy.config.problem.Problem;
import io.portproxy.config.source.ConfigurationFiles;
import io.portproxy.manage.ChangeProblem;
import io.portproxy.manage.ChangeResult;
import io.portproxy.manage.Declared;
import io.portproxy.manage.DesiredState;
import io.portproxy.manage.FileReload;
import io.portproxy.manage.RefusedFilesException;
import io.portproxy.net.ListenException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.context.SmartLifecycle;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * Reads the configuration's files again, when somebody asks for it and when one of them has changed. Applies changes of gateways
 * and remotes without a restart. Reports all other changes as ones that need a restart. If a file is wrong, refuses all files,
 * and the running configuration stays.
 */
final class Reload implements FileReload, SmartLifecycle {
    private static final Logger log = LoggerFactory.getLogger(Reload.class);

    private final ConfigurableEnvironment started;
    private final Optional<DesiredState> desired;
    private final Optional<CheckedServer> server;
    private final FileGateways gateways;
    private final Duration interval;
    private final MeterRegistry meters;
    private final ScheduledThreadPoolExecutor thread;
    private ConfigurationFiles files;
    private Map<Path, String> read; // at the last reload
    private Map<Path, String> seen; // at the last look
    private List<String> restart = List.of();
    private volatile Optional<String> refusal = Optional.empty();
    private volatile boolean running;

    /**
     * @param started the environment that this process started with
     * @param desired the desired state of the server; empty if this process is no server
     * @param server what the server started with; empty if this process is no server
     * @param gateways reads the gateways
     * @param interval the time between two looks at the files; zero for no looks
     * @param meters counts the outcomes
     */
    Reload(
            ConfigurableEnvironment started,
            Optional<DesiredState> desired,
            Optional<CheckedServer> server,
            FileGateways gateways,
            Duration interval,
            MeterRegistry meters) {
        this.started = started;
        this.desired = desired;
        this.server = server;
        this.gateways = gateways;
        this.interval = interval;
        this.meters = meters;
        files = new ConfigurationFiles(started);
        read = files.stamps();
        seen = read;
        thread = new ScheduledThreadPoolExecutor(1, task -> {
            Thread daemon = new Thread(task, "reload");
            daemon.setDaemon(true);
            return daemon;
        });
    }

    /** Allows reloads from now on, because the server now exposes something that they can change. */
    @Override
    public void start() {
        running = true;
        if (!interval.isZero()) {
            ScheduledFuture<?> unused = thread.scheduleWithFixedDelay(
                    () -> guarded(this::look), interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /** Starts a reload and does not wait for it. The reload logs its outcome. Any thread. */
    void request() {
        try {
            thread.execute(() -> guarded(this::tryReload));
        } catch (RejectedExecutionException e) {
            log.debug("the process stops: its files are not read again");
        }
    }

    /** Runs a task and logs what it throws. An exception would otherwise end the regular looks. */
    private static void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            log.error("a bug: reading files again failed", e);
        }
    }

    /**
     * Reloads after a change, but only if two looks in a row find the same stamps. Before that, a program may still be writing a
     * file.
     */
    private synchronized void look() {
        Map<Path, String> now = files.stamps();
        boolean quiet = now.equals(seen);
        seen = now;
        if (quiet && !now.equals(read)) {
            tryReload();
        }
    }

    private void tryReload() {
        try {
            ChangeLog.changedByFiles(reload().change());
        } catch (RefusedFilesException e) {
            log.debug("the files are refused", e); // reload has logged the reason
        }
    }

    @Override
    public synchronized Result reload() {
        if (!running) {
            return new Result(ChangeResult.NOTHING, List.of());
        }
        read = files.stamps();
        files.lost().ifPresent(file -> {
            throw refusedLost(file);
        });
        try {
            FreshConfiguration fresh = FreshConfiguration.read(started);
            ChangeResult change = apply(fresh);
            refusal = Optional.empty();
            files = new ConfigurationFiles(fresh.environment());
            Map<Path, String> before = read;
            read = files.stamps();
            read.replaceAll(before::getOrDefault); // the next look sees files that changed during the reload
            List<String> keys = RestartKeys.between(started, fresh.environment());
            tell(change, keys);
            count(change.isNothing() ? "unchanged" : "applied");
            return new Result(change, keys);
        } catch (FreshConfiguration.UnusableException e) {
            throw refused(e);
        }
    }

    private ChangeResult apply(FreshConfiguration fresh) {
        Optional<CheckedServer> now = fresh.checked().server();
        if (desired.isEmpty() || server.isEmpty() || now.isEmpty()) {
            return ChangeResult.NOTHING; // a change of roles needs a restart
        }
        try {
            Declared declared = new Declared(
                    gateways.read(fresh, server.get()),
                    now.get().remotes(),
                    now.get().settings().users().access(),
                    now.get().settings().users().limits());
            ChangeResult change = desired.get().replaceFiles(declared);
            server.get()
                    .settings()
                    .web()
                    .pages()
                    .replaceBy(now.get().settings().web().pages());
            return change;
        } catch (ConfigurationProblemsException e) {
            throw refused(e);
        } catch (ListenException e) {
            Problem problem = ListenProblem.of(
                    new EnvironmentValues(fresh.environment()), now.get().placeOf(e.address()), e);
            throw refused(new ConfigurationProblemsException(List.of(problem)));
        }
    }

    private void tell(ChangeResult change, List<String> keys) {
        if (!change.isNothing()) {
            log.info("the configuration's files were read again: {}", change.summary());
        }
        if (!keys.equals(restart) && !keys.isEmpty()) {
            log.warn("other changes take effect after a restart: {}", String.join(", ", keys));
        }
        restart = keys;
    }

    private RefusedFilesException refused(FreshConfiguration.UnusableException e) {
        RuntimeException cause = e.cause();
        for (Throwable each = cause; each != null; each = each.getCause()) {
            if (each instanceof ConfigurationProblemsException problems) {
                return refused(problems);
            }
        }
        FailureAnalysis analysis = FailureAnalyses.find(cause, e.beans(), e.environment());
        String text = analysis == null
                ? String.valueOf(
                        NestedExceptionUtils.getMostSpecificCause(cause).getMessage())
                : analysis.getDescription();
        String fix = analysis == null || analysis.getAction() == null ? "" : analysis.getAction();
        return refused(text + "\n\n" + fix, List.of(new ChangeProblem("", Optional.empty(), text, fix)));
    }

    private RefusedFilesException refused(ConfigurationProblemsException e) {
        return refused(
                e.analysis().getDescription() + "\n\n" + e.analysis().getAction(),
                e.problems().stream()
                        .map(problem -> new ChangeProblem(
                                problem.place().text(),
                                Optional.of(problem.value()).filter(value -> !value.isEmpty()),
                                problem.reason(),
                                problem.fix()))
                        .toList());
    }

    /**
     * Refuses a file that is gone or empty. A start would read it as a configuration that declares nothing, which nobody intends.
     */
    private RefusedFilesException refusedLost(Path file) {
        String reason = Files.exists(file) ? "is empty" : "is gone";
        String fix = "write it again, or restart the server to run without what it declared";
        return refused(
                file + " " + reason + "\n\n" + fix,
                List.of(new ChangeProblem(file.toString(), Optional.empty(), reason, fix)));
    }

    private RefusedFilesException refused(String text, List<ChangeProblem> problems) {
        refusal = Optional.of(text);
        count("refused");
        log.warn("the configuration's files have mistakes, so nothing was changed. {}", text);
        return new RefusedFilesException(text, problems);
    }

    private void count(String outcome) {
        meters.counter("portproxy.reloads", "outcome", outcome).increment();
    }

    @Override
    public Optional<String> refusal() {
        return refusal;
    }

    @Override
    public void stop() {
        thread.shutdownNow();
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return RuntimeLifecycle.PHASE + 1;
    }

    /** The thread can start only once. */
    @Override
    public boolean isPauseable() {
        return false;
    }
}
