package io.portproxy.config.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.portproxy.config.Checked;
import io.portproxy.config.problem.Remark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests that the start warns about a file with the database's password that everybody can read. */
class FilePermissionsTest {
    @TempDir
    private Path folder;

    private List<String> remarks(String password, String permissions, String... options) throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x")); // others can reach it
        Path file = Files.writeString(folder.resolve("database.yml"), """
            spring.datasource:
              url: jdbc:postgresql://127.0.0.1:1/portproxy
              username: portproxy
              %s
            """.formatted(password));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
        String[] all = new String[options.length + 2];
        System.arraycopy(options, 0, all, 2, options.length);
        all[0] = "--spring.profiles.active=server";
        all[1] = "--spring.config.import=file:" + file;
        return Checked.with(folder, "portproxy.server.bind: 127.0.0.1:0", all).remarks().stream()
                .map(Remark::text)
                .filter(text -> text.contains("has a secret in it"))
                .toList();
    }

    @Test
    void warnsWhereThePasswordIsInIt() throws IOException {
        String password = "password: a-password-of-a-database";

        assertThat(remarks(password, "rw-r--r--"))
                .singleElement()
                .asString()
                .contains(folder.resolve("database.yml").toString(), "chmod o=");
        assertThat(remarks(password, "rw-r-----")).isEmpty();
    }

    @Test
    void saysNothingWhereThePasswordIsSomewhereElse() throws IOException {
        assertThat(remarks("hikari.pool-name: store", "rw-r--r--")).isEmpty();
        assertThat(remarks("password: ${DATABASE_PASSWORD:none}", "rw-r--r--")).isEmpty();
    }
}
