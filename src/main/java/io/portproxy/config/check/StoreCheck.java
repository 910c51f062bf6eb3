package io.portproxy.config.check;

import com.zaxxer.hikari.HikariDataSource;
import io.portproxy.config.problem.EnvironmentValues;
import io.portproxy.config.problem.Place;
import io.portproxy.config.problem.Problem;
import io.portproxy.config.problem.Problems;
import io.portproxy.config.problem.WrittenValue;
import io.portproxy.config.properties.PortProxyProperties;
import io.portproxy.config.properties.StoreMode;
import io.portproxy.store.ConnectionPool;
import io.portproxy.store.ExternalDatabase;
import io.portproxy.store.StoreSettings;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.jdbc.autoconfigure.DataSourceProperties;
import org.springframework.core.env.Environment;

/** Checks the properties of the store, in which the server keeps remotes. Opens nothing. */
public final class StoreCheck {
    /** The place of the folder. */
    public static final Place DATA = Place.property(PortProxyProperties.PREFIX).key("data");

    /** The place of the database's URL. */
    public static final Place URL = Place.property("spring.datasource.url");

    private static final String PREFIX = "spring.datasource";

    private final Environment environment;
    private final Problems problems;

    StoreCheck(Environment environment, Problems problems) {
        this.environment = environment;
        this.problems = problems;
    }

    /** Returns the settings; empty if there is a problem. */
    Optional<StoreSettings> run(PortProxyProperties properties) {
        Optional<ExternalDatabase> database = properties.store() == StoreMode.NONE
                ? Optional.empty()
                : database(environment.getProperty(URL.text(), ""));
        boolean asked = EnvironmentValues.property(environment, DATA.text()).isPresent()
                || (properties.store() == StoreMode.REQUIRED && database.isEmpty());
        return folder(properties.data())
                .map(folder -> new StoreSettings(mode(properties.store()), folder, asked, database));
    }

    private static StoreSettings.Mode mode(StoreMode store) {
        return switch (store) {
            case AUTO -> StoreSettings.Mode.AUTO;
            case NONE -> StoreSettings.Mode.NONE;
            case REQUIRED -> StoreSettings.Mode.REQUIRED;
        };
    }

    private Optional<Path> folder(String written) {
        try {
            if (!written.isBlank()) {
                return Optional.of(Path.of(written));
            }
            problems.add(DATA, written, "is empty", "write a folder, or remove it for " + StoreMode.DEFAULT_FOLDER);
        } catch (InvalidPathException e) {
            problems.add(DATA, written, "is no name of a folder: " + e.getReason(), "write a folder's path");
        }
        return Optional.empty();
    }

    private Optional<ExternalDatabase> database(String url) {
        if (url.isBlank()) {
            return Optional.empty();
        } else if (!ExternalDatabase.isKnown(url)) {
            problems.add(problem(
                    environment,
                    url,
                    "is not the URL of a PostgreSQL, and no other database can be used",
                    "write jdbc:postgresql://HOST:PORT/DATABASE, or remove it to keep remotes in a file of "
                            + DATA.text()));
            return Optional.empty();
        }
        return Optional.of(new ExternalDatabase(ExternalDatabase.where(url), this::pool));
    }

    /** Creates the pool as Spring Boot would. Spring Boot's properties for the pool override our defaults. */
    private HikariDataSource pool() {
        Binder binder = Binder.get(environment);
        HikariDataSource pool = binder.bindOrCreate(PREFIX, DataSourceProperties.class)
                .initializeDataSourceBuilder()
                .type(HikariDataSource.class)
                .build();
        ConnectionPool.limit(pool);
        ConnectionPool.limitPostgresql(pool);
        binder.bind(PREFIX + ".hikari", Bindable.ofInstance(pool));
        return pool;
    }

    /** Returns a problem with the database's URL. Hides the password that the URL may contain. */
    public static Problem problem(Environment environment, String url, String reason, String fix) {
        WrittenValue written = new EnvironmentValues(environment)
                .at(URL)
                .map(value -> new WrittenValue(ExternalDatabase.where(value.text()), value.origin(), value.from()))
                .orElseGet(() -> new WrittenValue(ExternalDatabase.where(url), "", Optional.empty()));
        return Problem.of(URL, written, reason, fix);
    }
}
