package io.portproxy.store;

import io.portproxy.manage.RemoteStore;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** H2 in a file. */
class EmbeddedStoreTest extends RemoteStoreContract {
    @TempDir
    private Path folder;

    private JdbcRemoteStore store;

    @BeforeEach
    void open() {
        store = (JdbcRemoteStore)
                JdbcRemoteStore.start(new StoreSettings(StoreSettings.Mode.AUTO, folder, true, Optional.empty()));
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Override
    RemoteStore store() {
        return store;
    }

    @Override
    RemoteStore reopened() {
        close();
        open();
        return store;
    }

    @Override
    void execute(String sql) {
        close();
        try (Database database = new EmbeddedFile(folder).open()) {
            database.execute(sql);
        }
        open();
    }

    @Override
    boolean isOpenAllTheTime() {
        return false;
    }
}
