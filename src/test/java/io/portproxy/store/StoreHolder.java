package io.portproxy.store;

import java.io.IOException;
import java.nio.file.Path;

/** A process that keeps the file open until it is killed. */
final class StoreHolder {
    private StoreHolder() {}

    public static void main(String[] args) throws IOException {
        Quiet.logs();
        try (Database database = new EmbeddedFile(Path.of(args[0])).open()) {
            database.execute("select 1");
            System.out.println("open");
            System.in.read();
        }
    }
}
