package io.portproxy.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.portproxy.testing.Target;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests random changes of remotes by several operators. First, users of a port that nobody changes must not notice the changes. Then the
 * server is killed again and again during changes. Afterwards the server has exactly the acknowledged changes. For a longer run:
 * {@code -Dchanges=1000 -Dkills=20}.
 */
class RandomChangesIT {
    private static final int OPERATORS = 8;
    private static final int USERS = 50;
    private static final int CHANGES = Integer.getInteger("changes", 20);
    private static final int KILLS = Integer.getInteger("kills", 1);

    /** The most changes before a kill. */
    private static final int MOST_CHANGES = 50;

    private static final Pattern ADMIN = Pattern.compile("the admin API at http://127.0.0.1:([0-9]+)");

    private static PostgresServer database;

    @RegisterExtension
    final Children children = Children.ofTest();

    @TempDir
    Path folder;

    private final long seed = Long.getLong("seed", System.nanoTime());
    private final Target echo = Target.echo();
    private final List<ChangingOperator> operators = new ArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private TwoProcesses processes;
    private int exposed;
    private int admin;

    @BeforeAll
    static void startDatabase() throws Exception {
        database = PostgresServer.start(RandomChangesIT.class);
    }

    @AfterAll
    static void stopDatabase() throws Exception {
        if (database != null) {
            database.close();
        }
    }

    @Test
    void whatWasAcknowledgedIsInTheFile() throws Exception {
        run();
    }

    @Test
    void whatWasAcknowledgedIsInTheDatabase() throws Exception {
        run(
                "--spring.datasource.url=" + database.newDatabase("changes"),
                "--spring.datasource.username=" + PostgresServer.USER,
                "--spring.datasource.password=" + PostgresServer.PASSWORD);
    }

    private void run(String... options) throws Exception {
        processes = new TwoProcesses(children, folder, Way.EXTENDED)
                .withAdmin()
                .serverOption("--portproxy.data=" + folder.resolve("data"))
                .serverOption("--portproxy.admin.users[0].name=alice")
                .serverOption("--portproxy.admin.users[0].password={noop}alice-secret")
                .serverOption("--portproxy.admin.users[0].role=admin");
        for (String option : options) {
            processes.serverOption(option);
        }
        exposed = processes.expose("tcp", echo.port());
        for (int i = 0; i < OPERATORS; i++) {
            operators.add(new ChangingOperator(i, random(i)));
        }
        try {
            Child server = startServer();
            processes.startClient().awaitOutput(PortProxy.UP);
            nobodyNoticesChanges();
            assertThereIsWhatWasAcknowledged();
            killAgainAndAgain(server);
        } finally {
            threads.shutdownNow();
            assertThat(threads.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
            echo.close();
        }
    }

    private Child startServer() throws IOException {
        Child server = processes.startServer().awaitOutput(PortProxy.STARTED);
        Matcher found = ADMIN.matcher(server.output());
        assertThat(found.find()).isTrue();
        admin = Integer.parseInt(found.group(1));
        operators.forEach(operator -> operator.useServerAt(admin));
        return server;
    }

    private RandomGenerator random(int operator) {
        return RandomGeneratorFactory.of("L64X128MixRandom").create(seed + operator);
    }

    private void nobodyNoticesChanges() throws Exception {
        AtomicBoolean changing = new AtomicBoolean(true);
        Future<Integer> users = threads.submit(() -> useWhile(changing));
        List<Future<?>> changes = new ArrayList<>();
        for (ChangingOperator operator : operators) {
            changes.add(threads.submit(() -> operator.change(CHANGES)));
        }
        for (Future<?> each : changes) {
            each.get(10, TimeUnit.MINUTES);
        }
        changing.set(false);
        assertThat(users.get(1, TimeUnit.MINUTES)).as("rounds of all users").isPositive();
    }

    /** Uses the same connections from the beginning to the end of the changes. */
    private int useWhile(AtomicBoolean changing) throws IOException {
        List<EchoUser> users = new ArrayList<>();
        try {
            for (int i = 0; i < USERS; i++) {
                users.add(new EchoUser(exposed));
            }
            int rounds = 0;
            while (changing.get()) {
                long changes = acknowledged();
                for (EchoUser user : users) {
                    assertThat(user.isAnswered()).isTrue();
                }
                rounds++;
                await().until(() -> acknowledged() > changes || !changing.get());
            }
            return rounds;
        } finally {
            for (EchoUser user : users) {
                user.close();
            }
        }
    }

    private void killAgainAndAgain(Child first) throws Exception {
        RandomGenerator random = random(OPERATORS);
        Child server = first;
        for (int kill = 0; kill < KILLS; kill++) {
            List<Future<?>> changes = new ArrayList<>();
            for (ChangingOperator operator : operators) {
                changes.add(threads.submit(operator::changeUntilTheServerIsGone));
            }
            long until = acknowledged() + random.nextInt(MOST_CHANGES);
            await().until(() -> acknowledged() >= until);
            server.kill();
            for (Future<?> each : changes) {
                each.get(1, TimeUnit.MINUTES);
            }
            server = startServer();
            assertThereIsWhatWasAcknowledged();
        }
    }

    private long acknowledged() {
        return operators.stream().mapToLong(ChangingOperator::count).sum();
    }

    private void assertThereIsWhatWasAcknowledged() throws Exception {
        Map<String, Map<String, String>> there = ChangingOperator.read(admin);
        Map<String, Map<String, String>> expected = new TreeMap<>();
        for (ChangingOperator operator : operators) {
            expected.putAll(operator.acknowledged(there));
        }
        assertThat(there).as("seed " + seed).isEqualTo(expected);
    }
}
