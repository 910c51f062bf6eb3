package io.portproxy.store;

import io.portproxy.manage.RemoteStore;
import io.portproxy.manage.StoredRemote;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A process that adds remotes until it is killed. It prints the number of each acknowledged remote. */
final class StoreWriter {
    private static final int MOST = 100_000;

    private StoreWriter() {}

    static StoredRemote remote(int number) {
        String name = "remote-%06d".formatted(number);
        return new StoredRemote(
                TestRemotes.remote(name, TestRemotes.port("a", 1), TestRemotes.port("b", 2))
                        .definition(),
                List.of(TestRemotes.token(name, "label", Optional.empty())));
    }

    public static void main(String[] args) {
        Quiet.logs();
        RemoteStore store = JdbcRemoteStore.start(
                new StoreSettings(StoreSettings.Mode.AUTO, Path.of(args[0]), true, Optional.empty()));
        for (int number = Integer.parseInt(args[1]); number < MOST; number++) {
            store.save(List.of(remote(number)), List.of());
            System.out.println(number);
        }
    }
}
