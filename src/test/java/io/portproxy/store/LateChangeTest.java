package io.portproxy.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.portproxy.manage.Accounts;
import io.portproxy.manage.GatewayDefinition;
import io.portproxy.manage.StoreChange;
import io.portproxy.manage.StoreException;
import io.portproxy.manage.StoreState;
import io.portproxy.manage.StoredRemote;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Tests that the store stays usable after a change that takes too long but is kept. */
class LateChangeTest {
    private final CountDownLatch release = new CountDownLatch(1);
    private final AtomicInteger changes = new AtomicInteger();
    private final JdbcRemoteStore store = new JdbcRemoteStore(new Slow(), Duration.ofMillis(200));

    @AfterEach
    void close() {
        release.countDown();
        store.close();
    }

    @Test
    void remotesAreReadAgainBeforeTheNextChange() {
        assertThatThrownBy(() -> store.save(List.of(), List.of("gone"))).hasMessageContaining("does not answer");
        store.catchUp(remotes -> changes.set(-1));
        assertThat(changes).as("whether it is kept is not known yet").hasValue(0);
        assertThat(store.state().trouble())
                .hasValueSatisfying(why -> assertThat(why).contains("does not answer"));
        release.countDown();

        await().untilAsserted(() -> assertThat(store.state().trouble())
                .hasValueSatisfying(why -> assertThat(why).contains("read again")));
        assertThatThrownBy(() -> store.save(List.of(), List.of("more")))
                .isInstanceOf(StoreException.class)
                .hasMessageContainingAll("read again", "try again");
        assertThatThrownBy(() -> store.catchUp(remotes -> {
                    throw new IllegalStateException("cannot be exposed now");
                }))
                .hasMessageContaining("cannot be exposed");
        assertThat(store.state().trouble()).as("it is not taken over").isPresent();

        store.catchUp(remotes -> assertThat(remotes).isEmpty());

        assertThat(store.state().trouble()).isEmpty();
        store.save(List.of(), List.of("more"));
        assertThat(changes).hasValue(2);
    }

    @Test
    void accountsAreReadAgainBeforeTheNextChange() {
        assertThatThrownBy(() -> store.saveAccounts(Accounts.NONE)).hasMessageContaining("does not answer");
        release.countDown();
        await().untilAsserted(() -> assertThat(store.state().trouble())
                .hasValueSatisfying(why -> assertThat(why).contains("read again")));
        assertThatThrownBy(() -> store.saveAccounts(Accounts.NONE)).hasMessageContaining("try again");

        store.catchUpAccounts(accounts -> assertThat(accounts).isEqualTo(Accounts.NONE));

        assertThat(store.state().trouble()).isEmpty();
        store.saveAccounts(Accounts.NONE);
        assertThat(changes).hasValue(2);
    }

    /** A backend that keeps nothing. Each change waits until the test releases it. */
    private final class Slow implements Backend {
        private void change() {
            try {
                release.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            changes.incrementAndGet();
        }

        @Override
        public StoreState.Kind kind() {
            return StoreState.Kind.DATABASE;
        }

        @Override
        public String where() {
            return "nowhere";
        }

        @Override
        public void open() {}

        @Override
        public List<StoredRemote> load() {
            return List.of();
        }

        @Override
        public List<GatewayDefinition> loadGateways() {
            return List.of();
        }

        @Override
        public void save(StoreChange change) {
            change();
        }

        @Override
        public void saveLastUsed(Map<String, Instant> byTokenId) {
            change();
        }

        @Override
        public Map<String, Instant> lastUsed() {
            return Map.of();
        }

        @Override
        public Accounts loadAccounts() {
            return Accounts.NONE;
        }

        @Override
        public void saveAccounts(Accounts accounts) {
            change();
        }

        @Override
        public boolean keepsUsage() {
            return true;
        }

        @Override
        public void writeUsage(Consumer<UsageRows> change) {
            change();
        }

        @Override
        public <T> Optional<T> readUsage(Function<UsageRows, T> query) {
            return Optional.empty();
        }

        @Override
        public Optional<String> probe() {
            return Optional.empty();
        }

        @Override
        public Optional<String> trouble() {
            return Optional.empty();
        }

        @Override
        public void close() {}
    }
}
