package io.portproxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.LifecycleMethodExecutionExceptionHandler;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;
import org.opentest4j.TestAbortedException;

/**
 * The programs that a test has started. They are ended after the test, the last one first. If the test fails, its failure includes what
 * they printed.
 */
final class Children
        implements AfterEachCallback,
                AfterAllCallback,
                TestExecutionExceptionHandler,
                LifecycleMethodExecutionExceptionHandler {
    private final boolean ofClass;
    private final List<Child> started = Collections.synchronizedList(new ArrayList<>());

    private Children(boolean ofClass) {
        this.ofClass = ofClass;
        Runtime.getRuntime().addShutdownHook(new Thread(this::killAll, "ends what tests left running"));
    }

    /** Makes an instance for a static field: all tests of the class share its programs. */
    static Children ofClass() {
        return new Children(true);
    }

    /** Makes an instance for a field that is not static: its programs belong to one test. */
    static Children ofTest() {
        return new Children(false);
    }

    /** Starts a program that continues to run. */
    Child start(List<String> command) throws IOException {
        return start(new ProcessBuilder(command));
    }

    /** Starts a program that continues to run. */
    Child start(ProcessBuilder builder) throws IOException {
        Child child = Child.start(builder);
        started.add(child);
        return child;
    }

    /** Runs a program to its end, which must be a success, and returns what it printed. */
    String run(Path program, Object... arguments) throws IOException, InterruptedException {
        return run(new ProcessBuilder(command(program, arguments)));
    }

    /** Runs a program to its end, which must be a success, and returns what it printed. */
    String run(ProcessBuilder builder) throws IOException, InterruptedException {
        Child child = start(builder);
        assertThat(child.awaitExit()).as("exit code of %s", builder.command()).isZero();
        started.remove(child);
        return child.output();
    }

    static List<String> command(Path program, Object... arguments) {
        return Stream.concat(Stream.of(program), Arrays.stream(arguments))
                .map(String::valueOf)
                .collect(Collectors.toCollection(ArrayList::new));
    }

    @Override
    public void afterEach(ExtensionContext context) throws InterruptedException {
        if (!ofClass) {
            endAll();
        }
    }

    @Override
    public void afterAll(ExtensionContext context) throws InterruptedException {
        endAll();
    }

    private void endAll() throws InterruptedException {
        List<Child> lastFirst = new ArrayList<>(started);
        Collections.reverse(lastFirst);
        for (Child child : lastFirst) {
            child.beginEnd();
        }
        for (Child child : lastFirst) {
            child.end();
        }
        started.clear();
    }

    private void killAll() {
        List.copyOf(started).forEach(Child::killFamily);
    }

    @Override
    public void handleTestExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        throw withOutput(failure);
    }

    @Override
    public void handleBeforeAllMethodExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        throw withOutput(failure);
    }

    @Override
    public void handleBeforeEachMethodExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        throw withOutput(failure);
    }

    @Override
    public void handleAfterEachMethodExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        throw withOutput(failure);
    }

    private Throwable withOutput(Throwable failure) {
        if (!(failure instanceof TestAbortedException) && !started.isEmpty()) {
            failure.addSuppressed(new Output(started));
        }
        return failure;
    }

    /** Carries what the programs printed into the report of a failure. It is never thrown. */
    private static final class Output extends Exception {
        private static final long serialVersionUID = 1L;

        Output(List<Child> children) {
            super(
                    "the programs of this test:\n"
                            + children.stream().map(Child::toString).collect(Collectors.joining("\n")),
                    null,
                    false,
                    false);
        }
    }
}
