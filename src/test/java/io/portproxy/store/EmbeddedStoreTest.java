package io.portproxy.store;

import java.util.Optional;

/** Tests the store in a file of H2. */
class EmbeddedStoreTest extends RemoteStoreContract {
    @Override
    Optional<ExternalDatabase> database() {
        return Optional.empty();
    }

    @Override
    void execute(String sql) {
        close();
        try (Database database = new EmbeddedFile(folder()).open()) {
            database.execute(sql);
        }
        open();
    }

    @Override
    boolean isOpenAllTheTime() {
        return false;
    }
}
