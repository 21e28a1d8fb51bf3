import java.sql.*;

/** What Java's programs do with a database: look around, ask, write, be cancelled. A line for each answer. */
public class Client {
  public static void main(String[] arguments) throws Exception {
    try (Connection con = DriverManager.getConnection(arguments[0], arguments[1], arguments[2])) {
      lookAround(con.getMetaData());
      ask(con);
      write(con);
      failAndCancel(con);
    }
  }

  static void say(String what, Object... values) {
    StringBuilder line = new StringBuilder(what);
    for (Object value : values) line.append(' ').append(value);
    System.out.println(line);
  }

  static void lookAround(DatabaseMetaData about) throws SQLException {
    say("product", about.getDatabaseProductName(), about.getDatabaseMajorVersion());
    try (ResultSet r = about.getTables(null, "main", "%", new String[] {"TABLE", "VIEW"})) {
      while (r.next()) say("table", r.getString("TABLE_NAME"), r.getString("TABLE_TYPE"), r.getString("REMARKS"));
    }
    try (ResultSet r = about.getColumns(null, null, "customers", "%")) {
      while (r.next())
        say("column", r.getString("COLUMN_NAME"), r.getString("TYPE_NAME"), r.getInt("DECIMAL_DIGITS"),
            r.getInt("NULLABLE"), r.getString("REMARKS"));
    }
    try (ResultSet r = about.getPrimaryKeys(null, null, "customers")) {
      while (r.next()) say("key", r.getString("COLUMN_NAME"));
    }
    try (ResultSet r = about.getIndexInfo(null, null, "orders", false, false)) {
      while (r.next()) say("index", r.getString("INDEX_NAME"), r.getString("COLUMN_NAME"), r.getBoolean("NON_UNIQUE"));
    }
    try (ResultSet r = about.getImportedKeys(null, null, "orders")) {
      while (r.next()) say("foreign", r.getString("FKCOLUMN_NAME"), r.getString("PKTABLE_NAME"), r.getString("PKCOLUMN_NAME"));
    }
    try (ResultSet r = about.getSchemas()) {
      while (r.next()) say("schema", r.getString(1));
    }
    try (ResultSet r = about.getFunctions(null, null, "recommend")) {
      while (r.next()) say("function", r.getString("FUNCTION_NAME"));
    }
    try (ResultSet r = about.getTypeInfo()) {
      int types = 0;
      while (r.next()) types++;
      say("types", types > 20);
    }
  }

  static void ask(Connection con) throws SQLException {
    con.setAutoCommit(false);
    try (PreparedStatement p = con.prepareStatement("SELECT id, name, price, ts, amount FROM many WHERE id < ? ORDER BY id")) {
      p.setInt(1, 25000);
      p.setFetchSize(1000);
      long sum = 0;
      try (ResultSet r = p.executeQuery()) {
        while (r.next()) {
          sum += r.getInt(1);
          if (r.getRow() == 8) say("row", r.getString(2), r.getDouble(3), r.getTimestamp(4), r.getBigDecimal(5));
        }
      }
      say("sum", sum);
    }
    con.commit();
    con.setAutoCommit(true);
    // From the sixth time on the driver prepares the statement and asks for binary values.
    for (int i = 0; i < 8; i++) {
      try (PreparedStatement p = con.prepareStatement("SELECT ?::INTEGER + 1, ?, ?::DATE, true, 1.5::FLOAT, 7::BIGINT, [1, 2]")) {
        p.setInt(1, i);
        p.setString(2, "it's");
        p.setDate(3, Date.valueOf("2026-02-03"));
        try (ResultSet r = p.executeQuery()) {
          r.next();
          if (i == 0 || i == 7)
            say("values", r.getInt(1), r.getString(2), r.getDate(3), r.getBoolean(4), r.getFloat(5), r.getLong(6), r.getArray(7));
        }
      }
    }
    try (PreparedStatement p = con.prepareStatement("SELECT rank, item_id FROM recommend(events, model := 'm', k := ?) WHERE user_id = 13")) {
      p.setInt(1, 2);
      try (ResultSet r = p.executeQuery()) {
        while (r.next()) say("rank", r.getInt(1));
      }
    }
  }

  static void write(Connection con) throws SQLException {
    try (Statement s = con.createStatement()) {
      s.executeUpdate("CREATE TABLE java (a INTEGER, b VARCHAR)");
    }
    try (PreparedStatement p = con.prepareStatement("INSERT INTO java VALUES (?, ?)")) {
      for (int i = 0; i < 3; i++) {
        p.setInt(1, i);
        p.setString(2, i == 1 ? null : "v" + i);
        p.addBatch();
      }
      say("batch", p.executeBatch().length);
    }
    try (PreparedStatement p = con.prepareStatement("INSERT INTO java VALUES (?, ?)", new String[] {"a"})) {
      p.setInt(1, 9);
      p.setString(2, "k");
      p.executeUpdate();
      try (ResultSet r = p.getGeneratedKeys()) {
        r.next();
        say("generated", r.getInt(1));
      }
    }
    try (Statement s = con.createStatement()) {
      say("updated", s.executeUpdate("UPDATE java SET b = 'z' WHERE b IS NULL"));
      con.setAutoCommit(false);
      s.executeUpdate("DELETE FROM java");
      con.rollback();
      con.setAutoCommit(true);
      try (ResultSet r = s.executeQuery("SELECT count(*), max(b) FROM java")) {
        r.next();
        say("left", r.getInt(1), r.getString(2));
      }
      s.executeUpdate("DROP TABLE java");
    }
  }

  static void failAndCancel(Connection con) throws SQLException {
    try (Statement s = con.createStatement()) {
      s.executeQuery("SELECT nope FROM many");
    } catch (SQLException error) {
      say("error", error.getSQLState());
    }
    try (Statement s = con.createStatement()) {
      s.setQueryTimeout(1);
      s.executeQuery("SELECT count(*) FROM range(10000000000) a, range(1000) b");
    } catch (SQLException error) {
      say("cancelled", error.getSQLState());
    }
  }
}
